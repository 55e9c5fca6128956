import { accountsResource } from '../../api/names.ts';
import { systemClock } from '../../host/clock.ts';
import { silentLog } from '../../host/log.ts';
import { systemRandom } from '../../host/random.ts';
import type { Client } from '../../kube/client/client.ts';
import { failure, type KubeError, type Result } from '../../kube/client/errors.ts';
import { createReflector } from '../../kube/reflector/reflector.ts';
import { Tripwire } from '../../kube/client/tripwire.ts';
import { allNamespaces } from './accounts.ts';
import type { Cluster } from './connect.ts';
import type { Account, MailAccount } from './objects.ts';
import { failureOf, sentenceOf } from './sentences.ts';

export interface AccountWatch {
  readonly namespace: string;
  /** Only this one: somebody may have the right to watch no other. */
  readonly name?: string | undefined;
  /** Called for each account, first as it is and then at each change. */
  readonly onAccount: (account: Account) => void;
  readonly onGone?: (key: string) => void;
  /** All that there is has been told. */
  readonly onSynced?: () => void;
  /** It is interrupted and tries again, or goes on: in one sentence. */
  readonly onTrouble?: (sentence: string) => void;
}

interface WatchedAccounts {
  stop(): Promise<void>;
  /** Rejects once trying again makes no sense: the right to watch is missing, say. */
  readonly failed: Promise<never>;
  /** What keeps it from going on now. */
  trouble(): string | undefined;
}

/** What the next try meets again. */
const isHopeless = ({ kind }: KubeError): boolean => ['forbidden', 'unauthorized', 'unknownResource'].includes(kind);
const isAway = ({ kind }: KubeError): boolean => kind === 'unavailable' || kind === 'tooManyRequests';

/** Hears what the API server answers a reflector, which itself tries again for ever. */
const listeningTo = (
  client: Client,
  heard: (error: KubeError | undefined) => void,
  broken: (reason: unknown) => void,
): Client => {
  const hear = async <Value>(asked: Promise<Result<Value>>): Promise<Result<Value>> => {
    try {
      const answer = await asked;
      heard(answer.ok ? undefined : answer.error);
      return answer;
    } catch (reason) {
      broken(reason);
      return failure({ kind: 'aborted', text: 'not asked' });
    }
  };
  return {
    ...client,
    list: (resource, options) => hear(client.list(resource, options)),
    watch: (resource, options) => hear(client.watch(resource, options)),
  };
};

/** Follows accounts through every interruption until it is stopped. */
export const watchAccounts = (cluster: Cluster, watch: AccountWatch): WatchedAccounts => {
  const { namespace, name, onAccount, onGone, onSynced, onTrouble } = watch;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  const about = { verbs: ['list', 'watch'], namespace };
  let trouble: string | undefined;
  const heard = async (error: KubeError | undefined): Promise<void> => {
    if (error === undefined) {
      if (trouble !== undefined) onTrouble?.('The watch goes on.');
      trouble = undefined;
    } else if (isHopeless(error)) reject(await failureOf(cluster, error, about));
    else if (isAway(error)) {
      const sentence = await sentenceOf(cluster, error, about);
      if (trouble === undefined) onTrouble?.(`The watch is interrupted: ${sentence}. Trying again.`);
      trouble = sentence;
    }
  };
  const reflector = createReflector<Account, MailAccount>({
    client: listeningTo(cluster.client, (error) => void heard(error), reject),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    resource: accountsResource,
    tripwire: new Tripwire(systemClock),
    ...(namespace !== allNamespaces && { namespace }),
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
    project: (account) => account,
    handlers: {
      onUpsert: (_, account) => onAccount(account),
      onDelete: (key) => onGone?.(key),
      onSynced: () => onSynced?.(),
    },
  });
  reflector.start();
  return { stop: () => reflector.stop(), failed, trouble: () => trouble };
};
