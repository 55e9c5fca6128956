import { secretNameFor, secretType, platformsResource } from '../../api/names.ts';
import { secretsResource } from '../../kube/resource.ts';
import { listAccounts } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import {
  accountFacts,
  platformFacts,
  secretFacts,
  type Account,
  type ExchangePlatform,
  type Platform,
} from '../cluster/objects.ts';
import { failureOf } from '../cluster/sentences.ts';
import type { Facts } from '../../core/facts.ts';
import { assumedSecret, assumedSetbacks } from './assume.ts';

/** What is known of the Secret: read, or assumed from the status where the caller may not read Secrets. */
interface SecretSeen {
  readonly secret: Facts['secret'];
  readonly isAssumed: boolean;
}

/** A Secret by name and type, as metadata only; undefined where reading is not permitted. */
const readSecret = async (cluster: Cluster, namespace: string, name: string): Promise<SecretSeen | undefined> => {
  const list = await cluster.client.list(secretsResource, {
    namespace,
    fieldSelector: `type=${secretType},metadata.name=${name}`,
    metadataOnly: true,
  });
  const [ours] = list.ok ? list.value.items : [];
  if (ours) return { secret: secretFacts(ours), isAssumed: false };
  const got = await cluster.client.get(secretsResource, { namespace, name }, { metadataOnly: true });
  if (got.ok) return { secret: list.ok ? { foreignUntil: cluster.now() } : secretFacts(got.value), isAssumed: false };
  if (got.error.kind === 'notFound') return { secret: undefined, isAssumed: false };
  if (list.ok) return { secret: undefined, isAssumed: false };
  if (got.error.kind === 'forbidden') return undefined;
  throw await failureOf(cluster, got.error, { verbs: ['get'], resource: 'secrets', namespace });
};

export interface Live {
  readonly facts: Facts;
  readonly isAssumed: boolean;
}

/** What the API server holds beside the account. */
interface Around {
  readonly rivals: readonly Account[];
  readonly platform: Platform | undefined;
  /** Undefined where the caller may not read it. */
  readonly secret: SecretSeen | undefined;
}

const isLiving = ({ metadata }: Account | Platform): boolean => metadata.deletionTimestamp === undefined;

/** All that a decision about this account depends on. */
export const liveFrom = (account: Account, { rivals, platform, secret }: Around): Live => ({
  facts: {
    account: accountFacts(account),
    rivals: rivals.map(accountFacts),
    platform: platform && platformFacts(platform),
    secret: secret ? secret.secret : assumedSecret(account),
    ...assumedSetbacks(account),
  },
  isAssumed: secret === undefined,
});

/** The same, read from the API server now. */
export const readLive = async (cluster: Cluster, account: Account): Promise<Live> => {
  const namespace = account.metadata.namespace ?? '';
  const { address, platformRef } = account.spec;
  const secretName = secretNameFor(address);
  const [same, platform, secret] = await Promise.all([
    listAccounts(cluster, { namespace, address }),
    cluster.client.get<ExchangePlatform>(platformsResource, { namespace, name: platformRef.name }),
    secretName === undefined ? undefined : readSecret(cluster, namespace, secretName),
  ]);
  if (!platform.ok && platform.error.kind !== 'notFound') {
    const about = { verbs: ['get'], resource: platformsResource.plural, namespace };
    throw await failureOf(cluster, platform.error, about);
  }
  const rivals = same.filter((each) => each.metadata.uid !== account.metadata.uid && isLiving(each));
  return liveFrom(account, {
    rivals,
    platform: platform.ok && isLiving(platform.value) ? platform.value : undefined,
    secret,
  });
};
