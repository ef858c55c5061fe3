/** A moment as people in a time zone read their clocks. */
export interface LocalTime {
  /** `2026-11-25` */
  date: string;
  weekday: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  hour: number;
  /** Minutes since midnight. */
  minute: number;
  /** Milliseconds since midnight. */
  ms: number;
}

const WEEKDAYS: Record<string, LocalTime['weekday']> = { Sun: 0, Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6 };
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  formats.set(timeZone, made);
  return made;
}

/** @param timeZone an IANA name, as `Asia/Seoul` */
export function localTime(epochMs: number, timeZone: string): LocalTime {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const hour = Number(parts['hour']);
  const minute = hour * 60 + Number(parts['minute']);
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    weekday: WEEKDAYS[parts['weekday'] ?? ''] ?? 0,
    hour,
    minute,
    ms: (minute * 60 + Number(parts['second'])) * 1000 + (epochMs % 1000),
  };
}
