import { randomBytes } from 'node:crypto';
import { hourMs } from '../../src/api/instants.ts';

/** How a second factor ended, as the login service signed it. */
export interface Passed {
  readonly address: string;
  /** `otp`, or why none was asked for. */
  readonly secondFactor: string;
  readonly reason?: string;
  readonly until?: string;
}

/** Somebody typed the password and is at the login service. */
export interface Pending {
  readonly address: string;
  /** Of the browser that typed it: only there the sign-in is finished. */
  readonly browser: string;
  readonly nonce: string;
}

const pendingMs = hourMs;
const newId = (): string => randomBytes(18).toString('base64url');

/** Who is signing in, and who has: in memory, as befits a demonstration. Everything here is used once. */
export class SignIns {
  readonly #pending = new Map<string, Pending & { readonly until: number }>();
  readonly #arrived = new Map<string, Passed & { readonly browser: string }>();
  readonly #inboxes = new Map<string, Passed>();
  readonly #spent = new Set<string>();

  /** Answers the `state` that finds it again. */
  begin(pending: Pending): string {
    const state = newId();
    this.#pending.set(state, { ...pending, until: Date.now() + pendingMs });
    return state;
  }

  take(state: string): Pending | undefined {
    const found = this.#pending.get(state);
    this.#pending.delete(state);
    return found && found.until > Date.now() ? found : undefined;
  }

  /** False if an answer with this `jti` was accepted before. */
  spend(jti: string): boolean {
    const isFresh = !this.#spent.has(jti);
    this.#spent.add(jti);
    return isFresh;
  }

  /**
   * The answer comes by a form from another site, to which the browser adds no cookie: who it is for is looked up in the
   * request that follows. Answers the name under which.
   */
  arrive(passed: Passed & { readonly browser: string }): string {
    const handle = newId();
    this.#arrived.set(handle, passed);
    return handle;
  }

  /** Opens the inbox in the browser that began, and answers its session; undefined in any other. */
  open(handle: string, browser: string | undefined): string | undefined {
    const found = this.#arrived.get(handle);
    this.#arrived.delete(handle);
    if (found?.browser !== browser || !found) return undefined;
    const session = newId();
    this.#inboxes.set(session, found);
    return session;
  }

  inbox(session: string | undefined): Passed | undefined {
    return session === undefined ? undefined : this.#inboxes.get(session);
  }

  leave(session: string | undefined): void {
    if (session !== undefined) this.#inboxes.delete(session);
  }
}
