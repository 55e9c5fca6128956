import type { MailAccountTwoFactor } from '../../src/api/generated/mail-account.ts';
import type { LoggedRequest } from './fault-proxy-log.ts';
import type { Rule } from './fault-proxy-rules.ts';
import type { Patience } from './scenario-expect.ts';
import { masked } from './scenario-golden.ts';
import { account, type Account, fromNow, secretOf } from './scenario-objects.ts';
import type { Stage } from './scenario-stage.ts';
import type { Tenant } from './scenario-tenant.ts';

/** What happens to an account from its first apply on, and the phase that it then has. */
export interface Chapter {
  readonly title: string;
  readonly phase: string;
  readonly twoFactor?: () => MailAccountTwoFactor;
  /** The first code is typed. */
  readonly enrols?: true;
}

/** The whole of a life but its end; each chapter is a write to the Secret or to the status, and mostly both. */
export const newLife = (): readonly Chapter[] => {
  const suspension = { requestedAt: fromNow({ hours: -1 }), hours: 5 };
  let requestedAt: string | undefined;
  // One instant for all accounts, later than their first seeds.
  const reset = (): NonNullable<MailAccountTwoFactor['reset']> => ({
    requestedAt: (requestedAt ??= fromNow({ seconds: 1 })),
  });
  return [
    { title: 'is made', phase: 'Enrolling' },
    { title: 'is enrolled', phase: 'Enforced', enrols: true },
    { title: 'is suspended', phase: 'Suspended', twoFactor: () => ({ suspension }) },
    { title: 'is enforced again', phase: 'Enforced' },
    { title: 'is reset', phase: 'Enrolling', twoFactor: () => ({ reset: reset() }) },
    { title: 'is removed', phase: 'Off', twoFactor: () => ({ state: 'Removed', reset: reset() }) },
    { title: 'is enabled again', phase: 'Enrolling', twoFactor: () => ({ state: 'Enabled', reset: reset() }) },
  ];
};

/** Seeds that such a life takes: the first, the reset's, and that after the removal. */
export const seedsOfLife = 3;

/** Plays a chapter for all at once, and waits until each is where it should be. */
export const play = async (
  tenant: Tenant,
  names: readonly string[],
  chapter: Chapter,
  patience?: Patience,
): Promise<void> => {
  const accounts = names.map((name) => account(name, chapter.twoFactor?.()));
  if (chapter.enrols) for (const { spec } of accounts) await tenant.login.enrol(spec.address);
  else await tenant.apply(accounts);
  for (const each of accounts) await tenant.eventually(each).shows({ phase: chapter.phase }, patience);
  await Promise.all(accounts.map((each) => secretFollows(tenant, each)));
};

/** The status is written after the Secret, but the Secret may yet have to be written again. */
const secretFollows = async (tenant: Tenant, each: Account): Promise<void> => {
  const { seedMintedAt } = (await tenant.now(each)) ?? {};
  await tenant.eventually(secretOf(each)).shows({ mintedAt: seedMintedAt });
};

/** Status and Secret as they are for any account in this chapter, whatever its name. */
export const anonymous = async (stage: Stage, namespace: string, name: string): Promise<string> => {
  const each = account(name);
  const text = await masked(stage, namespace, each);
  return text.replaceAll(secretOf(each).metadata.name, '<Secret>').replaceAll(name, '<name>');
};

/** Whether the operator writes to this account or its Secret; a creation has the name in its body. */
export const isWriteTo =
  (each: Account) =>
  ({ method, resource, name, body }: LoggedRequest): boolean => {
    if (method === 'GET') return false;
    if (resource === 'mailaccounts') return name === each.metadata.name;
    const secret = secretOf(each).metadata.name;
    return resource === 'secrets' && (name === secret || (name === '' && body.includes(`"name":"${secret}"`)));
  };

/** A rule for an account's writes: for all of them, or for the first try of each, if the next is then its second. */
export const spoiling = (each: Account, act: Rule['act'], tries: 'every' | 'first'): Rule => {
  const isIts = isWriteTo(each);
  let spoilsNext = true;
  return {
    path: /./,
    act,
    when: (request) => {
      if (!isIts(request)) return false;
      const spoils = spoilsNext;
      if (tries === 'first') spoilsNext = !spoilsNext;
      return spoils;
    },
  };
};

/** How many seeds the API server took for an account. */
export const seedsTaken = ({ stage, namespace }: Pick<Tenant, 'stage' | 'namespace'>, each: Account): number =>
  stage
    .writes(namespace)
    .filter(
      (request) =>
        isWriteTo(each)(request) && request.body.includes('"seed":') && request.status >= 200 && request.status < 300,
    ).length;
