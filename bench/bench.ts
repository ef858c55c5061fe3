/** One figure of a benchmark, beside what it is measured against. */
export interface BenchRow {
  name: string;
  /** null where it is not to be had now, as on a machine too busy to tell; `reference` says why. */
  value: number | null;
  unit: string;
  /** What `referenceValue` is: a peer doing the same, or the limit nothing can pass. */
  reference: string;
  referenceValue: number | null;
  /** value / referenceValue. */
  ratio: number | null;
  /** What the figure has to reach, as text ("≤ 150"); null where none is set. */
  bar: string | null;
  met: boolean | null;
}

export interface Benchmark {
  name: string;
  run: () => Promise<BenchRow[]>;
}
