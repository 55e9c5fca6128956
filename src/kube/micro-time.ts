/** A `MicroTime` of the Kubernetes API; the clock has whole milliseconds. */
export const microTime = (unixMs: number): string => new Date(unixMs).toISOString().replace('Z', '000Z');
