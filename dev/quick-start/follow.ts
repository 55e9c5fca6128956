import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './objects.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';

const pollMs = 500;

const appearance = ({ status }: Account): string =>
  JSON.stringify([status?.phase, status?.suspendedUntil, status?.seedMintedAt, status?.lockedUntil]);

/** Says what a login meets each time an account has changed, until the end. */
export async function follow(stage: Stage, terminal: Terminal): Promise<void> {
  const seen = new Map((await stage.objects.accounts()).map((each) => [each.metadata.name, each]));
  const isOver = (): boolean => stage.signal.aborted;
  while (!isOver()) {
    await sleep(pollMs, undefined, { signal: stage.signal });
    for (const account of await stage.objects.accounts()) {
      const before = seen.get(account.metadata.name);
      seen.set(account.metadata.name, account);
      if (before === undefined || appearance(before) !== appearance(account))
        await tell(stage, terminal, before, account);
    }
  }
}

async function tell({ login }: Stage, terminal: Terminal, before: Account | undefined, after: Account): Promise<void> {
  const { sentence } = await login.meets(after.spec.address);
  const [from, to] = [before?.status?.phase ?? 'new', after.status?.phase ?? 'new'];
  const phase = from === to ? to : `${from} → ${to}`;
  const time = new Date().toISOString().slice(11, 19);
  const name = terminal.styled('bold', (after.metadata.name ?? '').padEnd(6));
  terminal.say(`  ${time}Z  ${name}${phase.padEnd(22)} ${sentence}.`);
}
