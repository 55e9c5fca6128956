import { beforeAll, describe, expect, test } from 'vitest';
import { covers, grantedTo, type Manifest, type Right, sentence, usedOn } from '../../support/rbac.ts';
import { rendered, sharedCluster } from '../../support/scenario-cluster.ts';
import { sharedName, stages } from '../../support/scenario-stage.ts';

/** Rights that no scenario can be seen to use, and why they are there all the same. */
const unseen: Readonly<Record<string, string>> = {
  'mint mailaccounts.exchange2fa.io': 'asked for by the admission policies, never a request',
  'patch events.events.k8s.io in the system namespace':
    'counts the repetitions of an Event about the operator itself: the same mishap twice within six minutes',
};

const inSystem = 'in the system namespace';

const isUnseen = (right: Right): boolean => Object.keys(unseen).some((each) => sentence(right).startsWith(each));

/** The two ways to install: a Role in each namespace with accounts, or the overlay for all namespaces. */
const installations = [
  { what: 'manifests with a Role in each tenant', folders: ['manifests', 'manifests/tenant'], clusterWide: false },
  { what: 'manifests/overlays/cluster-wide', folders: ['manifests/overlays/cluster-wide'], clusterWide: true },
];

describe.each(installations)('the rights that $what give to the operator', ({ folders, clusterWide }) => {
  let granted: readonly Right[];
  let used: readonly Right[];
  let everUsed: readonly Right[];

  beforeAll(async () => {
    const manifests = await Promise.all(folders.map((folder) => rendered<Manifest>(sharedCluster(), folder)));
    granted = grantedTo(sharedName, manifests.flat());
    const ours = stages.filter((stage) => stage.clusterWide === clusterWide);
    used = ours.flatMap((stage) => usedOn(stage, sharedName));
    // The system namespace has the same Role either way.
    everUsed = stages.flatMap((stage) => usedOn(stage, sharedName)).filter(({ place }) => place === inSystem);
  });

  test('are all that it used in these scenarios', () => {
    expect(used.length).toBeGreaterThan(0);
    const beyond = used.filter((use) => !granted.some((right) => covers(right, use)));
    expect(beyond.map(sentence)).toEqual([]);
  });

  test('were all used in these scenarios', () => {
    const idle = granted.filter(
      (right) => !isUnseen(right) && ![...used, ...everUsed].some((use) => covers(right, use)),
    );
    expect(idle.map(sentence)).toEqual([]);
  });
});
