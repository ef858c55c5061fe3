import { z } from 'zod';
import { DialClass } from '../../contract/dial-rights.ts';
import { AlarmSettings, defaultDialling, DialSubject, LineLimits, type DialBlock, type DiallingRecord, type DialRule } from '../dialling/rules.ts';
import { badRowsOf } from './bad-rows.ts';
import { metaValue } from './meta.ts';
import { jsonColumn, readRows } from './rows.ts';
import type { Reader, Writer } from './tables.ts';

const LINE = 'dialling.line';
const ALARM = 'dialling.alarm';

const RuleRow = z
  .object({ subject: DialSubject, id: z.string(), classes: jsonColumn(z.array(DialClass)).nullable(), calls_at_once: z.number().nonnegative().nullable(), calls_per_hour: z.number().nonnegative().nullable(), longest_ms: z.number().positive().nullable() })
  .transform(({ subject, id, classes, calls_at_once, calls_per_hour, longest_ms }): DialRule => ({ subject, id, classes, callsAtOnce: calls_at_once, callsPerHour: calls_per_hour, longestMs: longest_ms }));

const BlockRow = z.object({ subject: DialSubject, id: z.string(), at: z.number(), why: z.string() });

const anybody = DialSubject.nullable().catch(null);
const nothing = z.number().nonnegative().nullable().catch(0);

/** As much of a rule as can be read. What cannot gives nothing: it may have been what forbids. */
const RestOfRule = z
  .object({ subject: anybody, id: z.string(), classes: jsonColumn(z.array(DialClass.nullable().catch(null))).nullable().catch([]), calls_at_once: nothing, calls_per_hour: nothing, longest_ms: z.number().positive().nullable().catch(1) })
  .transform(({ subject, id, classes, calls_at_once, calls_per_hour, longest_ms }) =>
    subjectsOf(subject).map((one): DialRule => ({ subject: one, id, classes: classes?.filter((known) => known !== null) ?? null, callsAtOnce: calls_at_once, callsPerHour: calls_per_hour, longestMs: longest_ms })),
  );

/** A block that cannot be read blocks. */
const RestOfBlock = z
  .object({ subject: anybody, id: z.string(), at: z.number().catch(0), why: z.string().catch('') })
  .transform(({ subject, ...block }) => subjectsOf(subject).map((one): DialBlock => ({ ...block, subject: one })));

/** Whose it may be. */
const subjectsOf = (subject: DialSubject | null): readonly DialSubject[] => (subject === null ? DialSubject.options : [subject]);

/** Rows whose loss would give more than they did: of one that is not what it should be, what is left, before all others. */
function readClosed<Value>(db: Reader, table: 'dial_rules' | 'dial_blocks', whole: z.ZodType<Value>, rest: z.ZodType<Value[]>, rows: readonly unknown[]): Value[] {
  const broken = rows.filter((row) => !whole.safeParse(row).success);
  return [...broken.flatMap((row) => rest.safeParse(row).data ?? []), ...readRows(db, table, whole, rows)];
}

/** Class of service, limits, alarm and blocks; what nobody has set is the default. */
export async function readDialling(db: Reader): Promise<DiallingRecord> {
  const defaults = defaultDialling();
  return {
    rules: readClosed(db, 'dial_rules', RuleRow, RestOfRule, await db.selectFrom('dial_rules').selectAll().execute()),
    line: await readSetting(db, LINE, LineLimits, defaults.line),
    alarm: await readSetting(db, ALARM, AlarmSettings, defaults.alarm),
    blocks: readClosed(db, 'dial_blocks', BlockRow, RestOfBlock, await db.selectFrom('dial_blocks').selectAll().execute()),
  };
}

/** A setting by its key: as it was set, with the default for each part that cannot be read, which is told of. */
async function readSetting<Shape extends z.ZodRawShape>(db: Reader, key: string, schema: z.ZodObject<Shape>, defaults: z.output<z.ZodObject<Shape>>): Promise<z.output<z.ZodObject<Shape>>> {
  const text = await metaValue(db, key);
  if (text === null) return defaults;
  const written = z.record(z.string(), z.unknown()).safeParse(fromJson(text)).data ?? {};
  const whole = schema.safeParse(written);
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map(({ path }) => String(path[0])));
  const given = Object.entries(defaults).filter(([name]) => bad.has(name));
  badRowsOf(db).report('meta', { key }, [...bad], given.map(([name, value]) => `${name} ${String(value)}`).join(', '));
  return schema.parse({ ...written, ...Object.fromEntries(given) });
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What somebody is given otherwise than everybody; a former rule of theirs is replaced. */
export async function setDialRule(db: Writer, { subject, id, classes, callsAtOnce, callsPerHour, longestMs }: DialRule): Promise<void> {
  const values = { classes: classes === null ? null : JSON.stringify(classes), calls_at_once: callsAtOnce, calls_per_hour: callsPerHour, longest_ms: longestMs };
  await db.insertInto('dial_rules').values({ subject, id, ...values }).onConflict((conflict) => conflict.columns(['subject', 'id']).doUpdateSet(values)).execute();
}

/** Back to what everybody has. */
export async function removeDialRule(db: Writer, subject: DialSubject, id: string): Promise<void> {
  await db.deleteFrom('dial_rules').where('subject', '=', subject).where('id', '=', id).execute();
}

export const setLineLimits = (db: Writer, line: LineLimits): Promise<void> => setMeta(db, LINE, LineLimits.parse(line));
export const setAlarmSettings = (db: Writer, alarm: AlarmSettings): Promise<void> => setMeta(db, ALARM, AlarmSettings.parse(alarm));

async function setMeta(db: Writer, key: string, value: unknown): Promise<void> {
  const row = { key, value: JSON.stringify(value) };
  await db.insertInto('meta').values(row).onConflict((conflict) => conflict.column('key').doUpdateSet({ value: row.value })).execute();
}

/** One block an account: of several alarms the latest. */
export async function putDialBlock(db: Writer, block: DialBlock): Promise<void> {
  await db.insertInto('dial_blocks').values(block).onConflict((conflict) => conflict.columns(['subject', 'id']).doUpdateSet({ at: block.at, why: block.why })).execute();
}

/** With it goes one that nobody can tell whose it is: it may have been this. */
export async function removeDialBlock(db: Writer, subject: DialSubject, id: string): Promise<void> {
  await db
    .deleteFrom('dial_blocks')
    .where('id', '=', id)
    .where((eb) => eb.or([eb('subject', '=', subject), eb('subject', 'not in', [...DialSubject.options])]))
    .execute();
}
