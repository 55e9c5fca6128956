/** Milliseconds of the machine's monotonic clock, which all its processes share. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export const wholeSeconds = (unixMs: number): string => new Date(unixMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
