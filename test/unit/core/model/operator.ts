import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../../../src/core/decide.ts';
import { isIrreversible, type Decision, type SecretAct } from '../../../../src/core/decision.ts';
import type { Facts, RefusedWrite } from '../../../../src/core/facts.ts';
import { decideOrphan } from '../../../../src/core/orphan.ts';
import type { Server, View } from './server.ts';

/** What goes wrong in one pass. A lost answer is, for who waits for it, a crash after the write. */
export interface Fault {
  readonly kind: 'none' | 'crash before the Secret' | 'crash after the Secret' | 'refused';
  /** Decides on an earlier sight, this many sights ago. */
  readonly stale: number;
}

const noFault: Fault = { kind: 'none', stale: 0 };

/** Told of each write that succeeds, before it is made: for invariants. */
export interface Witness {
  readonly secret: (server: Server, act: SecretAct, facts: Facts | undefined, holdUntil: number | undefined) => void;
  readonly status: (facts: Facts, decision: Decision) => void;
}

/** The operator as its rooms are built: see, decide, do. It keeps nothing but sights of the world. */
export class Operator {
  readonly #server: Server;
  readonly #witness: Witness | undefined;
  #sights: View[] = [];
  #refusedWrite: RefusedWrite | undefined;
  holdUntil: number | undefined;

  constructor(server: Server, witness?: Witness) {
    this.#server = server;
    this.#witness = witness;
  }

  /** A new process, or a cache that knows of a deletion: earlier sights are gone. */
  forget(): void {
    this.#sights = [];
    this.#refusedWrite = undefined;
  }

  /** Decides on every account of the address once. */
  pass(fault: Fault = noFault): void {
    const { view } = this.#server;
    if (this.#sights.at(-1) !== view) this.#sights.push(view);
    const seen = this.#sights.at(-1 - fault.stale) ?? view;
    if (seen.accounts.length === 0) this.#orphan(seen, fault);
    else for (const { name } of seen.accounts) this.#account(seen, name, fault);
  }

  #account(seen: View, name: string, fault: Fault): void {
    const facts = this.#factsOf(seen, name);
    if (!facts) return;
    const decision = decide(facts, this.#server.now);
    const { secret: act } = decision;
    if (isIrreversible(act) && seen !== this.#server.view) {
      this.#account(this.#server.view, name, { ...fault, stale: 0 });
      return;
    }
    if (fault.kind === 'refused' && act.kind !== 'keep') {
      this.#refusedWrite = { status: 422, field: 'spec', retryAt: this.#server.now + 60_000 };
      this.#writeStatus(facts, decide({ ...facts, refusedWrite: this.#refusedWrite }, this.#server.now));
      return;
    }
    if (this.#act(seen, act, facts, fault)) this.#writeStatus(facts, decision);
  }

  #orphan(seen: View, fault: Fault): void {
    if (!seen.secret) return;
    const { platform, secret } = seen;
    const known = platform?.name === secret.facts.platformLabel ? platform : undefined;
    const { secret: act } = decideOrphan(
      { secret: secret.facts, platform: known, holdUntil: this.holdUntil },
      this.#server.now,
    );
    if (isIrreversible(act) && seen !== this.#server.view) return;
    this.#act(seen, act, undefined, fault);
  }

  /** Whether the status may follow. */
  #act(seen: View, act: SecretAct, facts: Facts | undefined, fault: Fault): boolean {
    if (act.kind === 'keep') return true;
    if (fault.kind === 'crash before the Secret') return false;
    if (seen.secret?.facts.resourceVersion === this.#server.view.secret?.facts.resourceVersion) {
      this.#witness?.secret(this.#server, act, facts, this.holdUntil);
    }
    return this.#server.actOnSecret(seen.secret?.facts, act) && fault.kind !== 'crash after the Secret';
  }

  #writeStatus(facts: Facts, decision: Decision): void {
    if (isDeepStrictEqual(facts.account.status, decision.status)) return;
    if (this.#server.writeStatus(facts.account, decision.status)) this.#witness?.status(facts, decision);
  }

  #factsOf(seen: View, name: string): Facts | undefined {
    const account = seen.accounts.find((each) => each.name === name);
    if (!account) return undefined;
    const rivals = seen.accounts.filter((each) => each !== account);
    const { platform, secret } = seen;
    const { holdUntil } = this;
    return { account, rivals, platform, secret: secret?.facts, refusedWrite: this.#refusedWrite, holdUntil };
  }
}

/** Passes until nothing is written any more: how many it took. */
export const settle = (server: Server, operator: Operator): number => {
  operator.forget();
  for (let passes = 1; passes <= 10; passes += 1) {
    server.writes = 0;
    operator.pass();
    if (server.writes === 0) return passes - 1;
  }
  throw new Error('the operator does not come to rest');
};
