import { setTimeout as sleep } from 'node:timers/promises';
import { platformName, platformsPath } from '../raw-client/objects.ts';
import type { OperatorProcess } from './operator-process.ts';
import type { Setting } from './setting.ts';
import { StatusObserver } from './status-observer.ts';
import { makeTenant } from './tenant.ts';

const timeoutMs = 10 * 60_000;
const pollMs = 250;

interface Platform {
  readonly status?: { readonly accounts?: { readonly enrolling?: number } };
}

/** The platform's counts come at most every ten seconds: until then there is something left to write. */
const counted = async ({ admin }: Setting, namespace: string, accounts: number): Promise<void> => {
  const path = `${platformsPath(namespace)}/${platformName}`;
  while ((await admin.get<Platform>(path)).status?.accounts?.enrolling !== accounts) await sleep(pollMs);
};

/** An operator that has just brought all accounts of a namespace to their Secret and status, and has nothing left to do. */
export const reconciling = async (setting: Setting, namespace: string, accounts: number): Promise<OperatorProcess> => {
  const observer = await StatusObserver.open(setting.admin, namespace);
  const operator = setting.operator(namespace);
  await observer.settled(accounts, timeoutMs);
  await observer.close();
  await counted(setting, namespace, accounts);
  return operator;
};

/** A namespace whose accounts are all reconciled, and the operator is gone. */
export const reconciled = async (setting: Setting, accounts: number): Promise<string> => {
  const namespace = await makeTenant(setting, { accounts });
  const operator = await reconciling(setting, namespace, accounts);
  await operator.stop();
  return namespace;
};
