const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** An instant (Unix milliseconds) as a person reads it, to the minute. In UTC, and it says so: the reader's zone is not known. */
export const writtenInstant = (formats: string, instant: number): string => {
  const form = new Intl.DateTimeFormat(formats, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${form.format(instant)} UTC`;
};

/** How long to wait, in the unit that a person would name, rounded up: waiting as long as it says is always enough. */
export const writtenWait = (formats: string, waitMs: number): string => {
  const [unit, unitMs] = waitMs <= 2 * minuteMs ? (['second', 1000] as const) : longer(waitMs);
  const form = new Intl.NumberFormat(formats, { style: 'unit', unit, unitDisplay: 'long' });
  return form.format(Math.max(1, Math.ceil(waitMs / unitMs)));
};

const longer = (waitMs: number) =>
  waitMs <= 2 * hourMs ? (['minute', minuteMs] as const) : (['hour', hourMs] as const);
