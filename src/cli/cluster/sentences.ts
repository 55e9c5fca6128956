import { denialInWords, type KubeError } from '../../kube/client/errors.ts';
import { Failure } from '../frame/failure.ts';
import type { Cluster } from './connect.ts';
import { notReached } from './reach.ts';
import { missingVerb, type Needed } from './rights.ts';

/** What a request was about and needs, for the sentence about its failure. */
export type Subject = Needed;

/** What the transport said, without the request's own name. */
const reasonIn = (text: string): string => text.split(': ').slice(2).join(': ') || text;

const forbidden = async (
  cluster: Cluster,
  error: KubeError & { kind: 'forbidden' },
  about: Subject,
): Promise<string> => {
  if (error.because === 'namespaceTerminating')
    return `namespace ${about.namespace} is being deleted: nothing can change`;
  if (error.because === 'quota') return `a quota of namespace ${about.namespace} is used up: ask its administrator`;
  if (error.because !== 'denied') return missingVerb(cluster, about);
  const { denial } = error;
  const why = denial.by === 'policy' ? await missingVerb(cluster, about) : 'ask its administrator';
  return `${denialInWords(denial)} refuses it: ${why}`;
};

const invalid = (error: KubeError & { kind: 'invalid' }): string => {
  const said = error.causes.map(({ field, message }) => [field, message].filter(Boolean).join(': '));
  const what = said.length > 0 ? said.join('; ') : error.text;
  return `${error.denial ? denialInWords(error.denial) : 'the API server'} refuses it: ${what}`;
};

/** Why a request failed and what to do, in one sentence. */
export const sentenceOf = async (cluster: Cluster, error: KubeError, about: Subject): Promise<string> => {
  switch (error.kind) {
    case 'unavailable':
      return error.status === 0
        ? notReached(cluster.server, reasonIn(error.text))
        : `the API server is not able to answer now (${error.status}): try again`;
    case 'unauthorized':
      return 'the API server does not accept these credentials: log in again, or choose another --context';
    case 'unknownResource':
      return 'this cluster does not know MailAccounts: its CRDs are not installed, or another --context is meant';
    case 'forbidden':
      return forbidden(cluster, error, about);
    case 'invalid':
      return invalid(error);
    case 'notFound':
      return `there is no MailAccount ${about.name ?? ''} in namespace ${about.namespace} any more`;
    case 'conflict':
      return 'the account was changed by somebody else at the same moment: look again with status';
    case 'tooManyRequests':
      return 'the API server has too much to do: try again later';
    case 'unknownOutcome':
      return 'the answer got lost, so it may or may not have happened: look with kubectl twofactor status';
    case 'aborted':
      return 'interrupted while it was under way: it may or may not have happened';
    case 'alreadyExists':
    case 'gone':
    case 'versionTooLarge':
    case 'malformed':
    case 'unexpected':
      return `the API server gave an unexpected answer (${error.text}): try again`;
  }
};

export const failureOf = async (cluster: Cluster, error: KubeError, about: Subject): Promise<Failure> =>
  new Failure(await sentenceOf(cluster, error, about));
