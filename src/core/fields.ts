/** A map whose members nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of a map, none where something else is. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
