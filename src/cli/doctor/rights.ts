import { accountsPlural, group, platformsPlural } from '../../api/names.ts';
import type { Cluster } from '../cluster/connect.ts';
import { may, whoAmI } from '../cluster/rights.ts';
import { failed, ok, unknown, warning, type Check } from './finding.ts';

const ordinary = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
/** Ours, which admission policies ask for. */
export const requestVerbs = ['suspend', 'reset', 'unlock', 'remove'] as const;
/** Those of the operator, login services and backup tools: not for people. */
const powers = ['mint', 'verify', 'restore'];

/** What the caller may do in the namespace: undefined where the API server does not say. */
export interface Rights {
  readonly user: string;
  readonly accounts: ReadonlyMap<string, boolean | undefined>;
  readonly platforms: ReadonlyMap<string, boolean | undefined>;
  readonly secrets: ReadonlyMap<string, boolean | undefined>;
}

type Held = Rights['accounts'];

export const readRights = async (cluster: Cluster): Promise<Rights> => {
  const { namespace } = cluster;
  const ask = async (ofGroup: string, resource: string, verbs: readonly string[]): Promise<Held> =>
    new Map(
      await Promise.all(
        verbs.map(async (verb) => [verb, await may(cluster, { verb, group: ofGroup, resource, namespace })] as const),
      ),
    );
  const [user = 'this identity', accounts, platforms, secrets] = await Promise.all([
    whoAmI(cluster),
    ask(group, accountsPlural, [...ordinary, ...requestVerbs, ...powers]),
    ask(group, platformsPlural, ordinary),
    ask('', 'secrets', ['get', 'list', 'create']),
  ]);
  return { user, accounts, platforms, secrets };
};

const heldOf = (verbs: Held): readonly string[] =>
  [...verbs].flatMap(([verb, isHeld]) => (isHeld === true ? verb : []));

const listOf = (verbs: Held): string => heldOf(verbs).join(', ') || 'nothing';

/** What the caller may do, and what nobody but a program should. */
export const checkRights = ({ user, accounts, platforms, secrets }: Rights, namespace: string): readonly Check[] => {
  const all = [accounts, platforms, secrets].flatMap((verbs) => [...verbs.values()]);
  if (all.every((isHeld) => isHeld === undefined))
    return [unknown('rights', 'the API server does not say what they are')];
  const held = heldOf(accounts);
  const says = `${user} may on ${accountsPlural} in ${namespace}: ${listOf(accounts)}`;
  const tooMuch = held.filter((verb) => powers.includes(verb));
  const besides = [
    ok(`rights on ${platformsPlural}`, listOf(platforms)),
    ok(
      'rights on Secrets',
      heldOf(secrets).includes('get') ? `${listOf(secrets)}: seeds can be read` : listOf(secrets),
    ),
  ];
  if (tooMuch.length > 0) {
    const whose = `${tooMuch.join(', ')} belong to the operator, login services and backup tools, not to people`;
    return [warning('rights', `${says}; ${whose}`), ...besides];
  }
  const canRead = held.includes('list');
  return [
    canRead ? ok('rights', says) : failed('rights', `${says}; an administrator binds exchange2fa-reader`),
    ...besides,
  ];
};
