/** What people were told is saved, and what they tried after that: it may be there or not. */
export class Saved<Value> {
  private acknowledged: Value[] = [];
  private tried: Value[] = [];

  try(value: Value): void {
    this.tried.push(value);
  }

  /** Whatever was tried before the newest is not in its place any more. */
  acknowledge(value: Value): void {
    this.acknowledged = [value];
    this.tried = this.tried.slice(this.tried.lastIndexOf(value) + 1);
  }

  get isAcknowledged(): boolean {
    return this.acknowledged.length > 0;
  }

  allows(value: Value): boolean {
    return !this.isAcknowledged || this.acknowledged.includes(value) || this.tried.includes(value);
  }

  toString(): string {
    return `${this.acknowledged.join()} (tried since: ${this.tried.join()})`;
  }
}
