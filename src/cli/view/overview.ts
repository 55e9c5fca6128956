import { conditionOf } from '../../core/conditions.ts';
import type { Platform } from '../cluster/objects.ts';
import type { Column } from '../frame/table.ts';

const count = (platform: Platform, name: keyof NonNullable<NonNullable<Platform['status']>['accounts']>): string =>
  String(platform.status?.accounts?.[name] ?? 0);

const whatItSays = ({ spec }: Platform): string =>
  spec.twoFactor.state === 'Disabled' ? 'off' : spec.twoFactor.accountDefault === 'Enabled' ? 'on' : 'on where said';

/** The counts of each platform, as its operator keeps them. */
export const platformColumns = (namespaces: boolean): readonly Column<Platform>[] => [
  ...(namespaces ? [{ title: 'NAMESPACE', of: ({ metadata }: Platform) => metadata.namespace }] : []),
  { title: 'PLATFORM', of: ({ metadata }) => metadata.name },
  { title: 'SECOND FACTOR', of: whatItSays },
  { title: 'ACCOUNTS', of: (platform) => count(platform, 'total') },
  { title: 'ENFORCED', of: (platform) => count(platform, 'enforced') },
  { title: 'ENROLLING', of: (platform) => count(platform, 'enrolling') },
  { title: 'SUSPENDED', of: (platform) => count(platform, 'suspended') },
  { title: 'LOCKED', of: (platform) => count(platform, 'locked'), tone: (p) => tone(p, 'locked') },
  { title: 'OFF', of: (platform) => count(platform, 'off') },
  { title: 'BLOCKED', of: (platform) => count(platform, 'blocked'), tone: (p) => tone(p, 'blocked') },
  { title: 'READY', of: (platform) => readyOf(platform) },
];

const tone = (platform: Platform, name: 'locked' | 'blocked') => (count(platform, name) === '0' ? 'plain' : 'bad');

const readyOf = ({ status = {} }: Platform): string => {
  const ready = conditionOf(status, 'Ready');
  return ready ? (ready.status === 'True' ? 'True' : ready.reason) : 'Unknown';
};

export const platformData = ({ metadata, spec, status = {} }: Platform): Readonly<Record<string, unknown>> => ({
  namespace: metadata.namespace,
  name: metadata.name,
  state: spec.twoFactor.state,
  accountDefault: spec.twoFactor.accountDefault ?? 'Disabled',
  accounts: status.accounts ?? null,
  ready: conditionOf(status, 'Ready')?.status ?? null,
});
