/** `1 account`, `2 accounts`; the plural is the singular with an s. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
