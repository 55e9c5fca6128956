import { secretNameFor, secretType, platformsResource } from '../../api/names.ts';
import type { Facts } from '../../core/facts.ts';
import { projectAccount } from '../../core/seen/account.ts';
import { projectPlatform } from '../../core/seen/platform.ts';
import { projectSecret } from '../../core/seen/secret.ts';
import { secretsResource } from '../../kube/client/resource.ts';
import { listAccounts } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account, ExchangePlatform, Platform } from '../cluster/objects.ts';
import { failureOf } from '../cluster/sentences.ts';
import { Failure } from '../frame/failure.ts';
import { assumedAmong, assumedSetbacks } from './assume.ts';

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
  if (ours) return { secret: projectSecret(ours), isAssumed: false };
  const got = await cluster.client.get(secretsResource, { namespace, name }, { metadataOnly: true });
  if (got.ok) return { secret: list.ok ? { foreignUntil: cluster.now() } : projectSecret(got.value), isAssumed: false };
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
interface LiveObjects {
  readonly rivals: readonly Account[];
  readonly platform: Platform | undefined;
  /** Undefined where the caller may not read it. */
  readonly secret: SecretSeen | undefined;
}

/** All that a decision about this account depends on; what is being deleted is gone for the operator. */
export const liveFrom = (account: Account, { rivals, platform, secret }: LiveObjects): Live => {
  const facts = projectAccount(account);
  if (!facts) {
    throw new Failure(
      `MailAccount ${account.metadata.name} is being deleted: its login is refused as soon as the operator sees that; its Secret is kept for the platform's retainDeletedHours`,
    );
  }
  return {
    facts: {
      account: facts,
      rivals: rivals.flatMap((each) => projectAccount(each) ?? []),
      platform: platform && projectPlatform(platform),
      secret: secret ? secret.secret : assumedAmong([account, ...rivals]),
      ...assumedSetbacks(account),
    },
    isAssumed: secret === undefined,
  };
};

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
  const rivals = same.filter(({ metadata }) => metadata.uid !== account.metadata.uid);
  return liveFrom(account, { rivals, platform: platform.ok ? platform.value : undefined, secret });
};
