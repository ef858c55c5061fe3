/** As much of a pino logger as an engine uses. Lines carry ids and causes, never numbers or passwords. */
export interface SwitchLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}
