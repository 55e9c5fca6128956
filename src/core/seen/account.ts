import type { MailAccountSpec, MailAccountStatus } from '../../api/generated/mail-account.ts';
import { phases } from '../../api/phases.ts';
import { Recent } from '../../api/recent.ts';
import type { AccountFacts } from '../facts.ts';
import { fieldsOf } from '../fields.ts';
import { projectConditions } from './conditions.ts';
import { intern, internInstant } from './intern.ts';
import type { SeenObject } from './object.ts';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const instant = (value: unknown): string | undefined => {
  const known = text(value);
  return known === undefined ? undefined : internInstant(known);
};

/** The status that the API server holds: ours from an earlier decision, or whatever else somebody put there. */
export const projectAccountStatus = (value: unknown): MailAccountStatus => {
  const fields = fieldsOf(value);
  const { observedGeneration } = fields;
  const phase = phases.find((each) => each === fields['phase']);
  const secretName = text(fields['secretName']);
  const [seedMintedAt, enrolledAt] = ['seedMintedAt', 'enrolledAt'].map((name) => instant(fields[name]));
  const [suspendedUntil, lockedUntil] = ['suspendedUntil', 'lockedUntil'].map((name) => instant(fields[name]));
  const conditions = projectConditions(fields['conditions']);
  return {
    ...(typeof observedGeneration === 'number' && { observedGeneration }),
    ...(phase && { phase }),
    ...(secretName !== undefined && { secretName }),
    ...(seedMintedAt !== undefined && { seedMintedAt }),
    ...(enrolledAt !== undefined && { enrolledAt }),
    ...(suspendedUntil !== undefined && { suspendedUntil }),
    ...(lockedUntil !== undefined && { lockedUntil }),
    ...(conditions && { conditions }),
  };
};

const toRef = (name: string): MailAccountSpec['platformRef'] => ({ name });

const platformRefs = new Recent<string, MailAccountSpec['platformRef']>();

/** Objects stored before a schema may lack anything; decide says what is wrong with them. */
const projectSpec = (spec: MailAccountSpec | undefined): MailAccountSpec => {
  const name = text(fieldsOf(spec?.platformRef)['name']) ?? '';
  const platformRef = platformRefs.share(name, toRef);
  const address = spec?.address ?? '';
  return spec?.twoFactor === undefined ? { platformRef, address } : { platformRef, address, twoFactor: spec.twoFactor };
};

/** A MailAccount as the API server returns it. */
interface SeenAccount extends SeenObject {
  readonly spec: MailAccountSpec;
  readonly status?: unknown;
}

/** What a decision needs of a MailAccount; undefined for one that is being deleted, which counts as gone. */
export const projectAccount = ({ metadata, spec, status }: SeenAccount): AccountFacts | undefined => {
  if (metadata.deletionTimestamp !== undefined) return undefined;
  return {
    namespace: intern(metadata.namespace ?? ''),
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation ?? 0,
    createdAt: internInstant(metadata.creationTimestamp ?? ''),
    spec: projectSpec(spec),
    status: projectAccountStatus(status),
  };
};
