import { type Setting } from './setting.ts';
import { StatusObserver } from './status-observer.ts';
import { makeTenant } from './tenant.ts';

const timeoutMs = 10 * 60_000;

/** A namespace with accounts that the operator has brought to their Secret and status. */
export const reconciled = async (setting: Setting, accounts: number): Promise<string> => {
  const namespace = await makeTenant(setting, { accounts });
  const observer = await StatusObserver.open(setting.admin, namespace);
  const operator = setting.operator(namespace);
  await observer.settled(accounts, timeoutMs);
  await observer.close();
  await operator.stop();
  return namespace;
};
