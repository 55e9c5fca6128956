/** Whether `text` is a version that can be compared: a decimal number without leading zeros. */
export const isResourceVersion = (text: unknown): text is string =>
  typeof text === 'string' && /^(0|[1-9][0-9]*)$/.test(text);

/**
 * Below 0, 0 or above 0 as `a` is older, equal or newer than `b`. Both must be of one resource and pass isResourceVersion.
 * Kubernetes promises decimal numbers without leading zeros (KEP-5504), so the longer is the greater.
 */
export const compareResourceVersions = (a: string, b: string): number =>
  a.length !== b.length ? a.length - b.length : a < b ? -1 : a > b ? 1 : 0;
