/** What a log line carries beside its message: object references, reasons, counts. Never a seed, code or token. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log in the shape of pino's: fields first, then the message. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
