import { AuditExport, type AccessRecord } from '../../../contract/audit.ts';
import { BOM, csvLine } from '../../../contract/csv.ts';
import { localTime } from '../../../contract/local-time.ts';
import { accessEntries, auditEntries, countEntries, type ChainedRecord, type Place } from '../../store/audit-read.ts';
import { readTimeZone } from '../../store/configuration.ts';
import type { Reader } from '../../store/tables.ts';
import { FILE_LIFE_MS, JobFile } from '../files.ts';
import { jobKind } from '../job.ts';

const ROWS_A_STEP = 500;

/** Writes a log of a period into a file, oldest first. What is erased meanwhile is in no file: it is begun anew then. */
export const auditExportJob = jobKind({
  kind: 'audit.export',
  lane: 'asked',
  payload: AuditExport,
  leaseMs: 30_000,
  mostAttempts: 3,
  async run({ jobId, db, settings, now, step, needsRoom }, asked) {
    const { of, format, from, to } = asked;
    const total = await countEntries(db, of === 'audit' ? 'audit' : 'access_log', from, to);
    const timeZone = await readTimeZone(db);
    const { head, read } = writerOf(asked, timeZone);
    await step({ done: 0, total });
    needsRoom();
    const file = await JobFile.create(settings.filesFolder, jobId);
    try {
      await file.write(head);
      let rows = 0;
      for (let after: Place | null = { at: -1, id: 0 }; after !== null; ) {
        const page: Page = await read(db, after);
        for (const line of page.lines) await file.write(line);
        rows += page.lines.length;
        after = page.next;
        await step({ done: rows, total: Math.max(rows, total) });
        needsRoom();
      }
      const { secret, parts, bytes } = await file.finish();
      const day = (at: number): string => localTime(at, timeZone).date;
      return { secret, result: { of: 'file', name: `${of}-${day(from)}-${day(to - 1)}.${format}`, rows, bytes, parts, expiresAt: Math.round(now() + FILE_LIFE_MS), withdrawn: false } };
    } finally {
      await file.discard();
    }
  },
});

interface Page {
  lines: string[];
  next: Place | null;
}

interface LogWriter {
  head: string;
  read: (db: Reader, after: Place) => Promise<Page>;
}

const HEADS = {
  audit: { ko: ['번호', '시각', '작업한 사람', '작업', '대상', '주소', '내용', '메모'], en: ['Number', 'Time', 'Who', 'What', 'Subject', 'Address', 'Details', 'Note'] },
  access: { ko: ['번호', '시각', '조회한 사람', '주소', '종류', '고객', '고객 수', '이력 수'], en: ['Number', 'Time', 'Who', 'Address', 'Kind', 'Customer', 'Customers', 'Contacts'] },
} as const;

function writerOf({ of, format, from, to, language }: AuditExport, timeZone: string): LogWriter {
  const head = format === 'csv' ? `${BOM}${csvLine(HEADS[of][language])}` : '';
  const pageOf = <Row extends Place>(rows: readonly Row[], cells: (row: Row) => (string | number | null)[]): Page => {
    const last = rows.at(-1);
    return {
      lines: rows.map((row) => (format === 'csv' ? csvLine(cells(row)) : `${JSON.stringify({ ...row, at: new Date(row.at).toISOString() })}\n`)),
      next: last === undefined || rows.length < ROWS_A_STEP ? null : { at: last.at, id: last.id },
    };
  };
  const when = (at: number): string => clockText(at, timeZone);
  const auditCells = ({ id, at, actor, action, subject, address, details, note }: ChainedRecord) => [id, when(at), actor, action, subject, address, Object.keys(details).length === 0 ? '' : JSON.stringify(details), note];
  const accessCells = ({ id, at, agentId, address, kind, customerId, customers, contacts }: AccessRecord) => [id, when(at), agentId, address, kind, customerId, customers, contacts];
  const read = async (db: Reader, after: Place): Promise<Page> => {
    const span = { from, to, after, limit: ROWS_A_STEP };
    return of === 'audit' ? pageOf(await auditEntries(db, span), auditCells) : pageOf(await accessEntries(db, span), accessCells);
  };
  return { head, read };
}

/** `2026-05-20 12:00:00` in the center's zone, which spreadsheets take for a time. */
function clockText(at: number, timeZone: string): string {
  const { date, ms } = localTime(at, timeZone);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${date} ${two(ms / 3600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
}
