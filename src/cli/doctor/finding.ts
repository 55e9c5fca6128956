import type { KubeError } from '../../kube/client/errors.ts';
import { Failure } from '../frame/failure.ts';

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

/** Something that could not be read: for want of rights, or because the API server did not answer as it must. */
export const unread = (about: string, error: KubeError, needed: string): Check =>
  error.kind === 'forbidden'
    ? unknown(about, `can't be read with these rights (${needed})`)
    : failed(about, `can't be read: ${error.text}`);

/** One examination, whatever becomes of the others. */
export const alone = async (about: string, examine: Promise<readonly Check[]>): Promise<readonly Check[]> => {
  try {
    return await examine;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [failed(about, error.message)];
  }
};
