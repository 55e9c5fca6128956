/** What an examination found. `unknown`: these rights do not let it be seen. */
export interface Check {
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly about: string;
  /** What is so, and what to do. */
  readonly says: string;
}

export const ok = (about: string, says: string): Check => ({ state: 'ok', about, says });
export const warning = (about: string, says: string): Check => ({ state: 'warning', about, says });
export const failed = (about: string, says: string): Check => ({ state: 'failed', about, says });
export const unknown = (about: string, says: string): Check => ({ state: 'unknown', about, says });
