/** An object of JSON or YAML whose members nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same with no members where something else is. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
