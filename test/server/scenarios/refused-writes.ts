import { describe, expect } from 'vitest';
import { startDenyingWebhook, webhookConfiguration } from '../../support/denying-webhook.ts';
import { until } from '../../support/scenario-cluster.ts';
import { account, come, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import type { Tenant } from '../../support/scenario-tenant.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
/** What a policy's `reason` makes of its denial. */
const denials = [
  { reason: 'Invalid', status: 422 },
  { reason: 'Forbidden', status: 403 },
] as const;
const webhookDenials = [
  { code: undefined, status: 400 },
  { code: 403, status: 403 },
] as const;
const failed = { ready: 'False WriteFailed', stalled: undefined };

/** A refused write is tried again after some minutes, or as soon as anything about the account changes. */
const nudge = (tenant: Tenant): Promise<string> =>
  tenant.kubectl(`annotate mailaccount anna example.com/nudged=${Date.now()} --overwrite`);

describe.concurrent('a write that the API server refuses', () => {
  scenario('for want of quota shows, and is done once there is room', async (tenant) => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'full' },
      spec: { hard: { secrets: '0' } },
    };
    await tenant.admin('create -f -', { input: JSON.stringify(quota) });
    // What the quota controller writes, which not every control plane of a test has.
    const status = JSON.stringify({ status: { hard: { secrets: '0' }, used: { secrets: '0' } } });
    await tenant.admin(`patch resourcequota full --subresource=status --type=merge -p=${status}`);
    await tenant.apply([platform(), anna]);
    const message = /refused to write the Secret: 403, a quota of the namespace is used up/;
    await tenant.eventually(anna).shows({ ...failed, phase: 'Blocked', enforced: 'True WriteFailed', message });
    await tenant.isAsIn('write-failed', anna);
    await tenant.admin('delete resourcequota full');
    await nudge(tenant);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    await tenant.eventually(anna).tells(['WriteFailed', 'Reconciled']);
  });

  for (const { reason, status } of denials) {
    const says = `by somebody else's policy (${reason}) shows its name, not its words, which may quote the Secret`;
    scenario(says, async (tenant) => {
      await tenant.given(platform());
      await tenant.admin('apply -f -', { input: JSON.stringify(refusingPolicy(tenant.namespace, reason)) });
      const probe = `create secret generic probe --dry-run=server`;
      await until('the policy acts', () =>
        tenant.admin(probe).then(
          () => false,
          () => true,
        ),
      );
      await tenant.apply(anna);
      const message = new RegExp(`refused to write the Secret: ${status}, admission policy ${tenant.namespace}`);
      const { message: said } = await tenant.eventually(anna).shows({ ...failed, phase: 'Blocked', message });
      expect(said).not.toContain('words of the policy');
      await tenant.admin(`delete validatingadmissionpolicybinding,validatingadmissionpolicy ${tenant.namespace}`);
      await until('the policy acts no longer', () =>
        tenant.admin(probe).then(
          () => true,
          () => false,
        ),
      );
      await nudge(tenant);
      await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    });
  }

  scenario('because the Secret is immutable shows, and is done once somebody takes it out', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const { seedMintedAt } = (await tenant.now(anna)) ?? {};
    const name = secretOf(anna).metadata.name;
    await tenant.admin(`patch secret ${name} --type=merge -p={"immutable":true}`);
    const before = await tenant.now(secretOf(anna));
    const message = /refused to write the Secret: 422, data/;
    const asBefore = { ...failed, message, phase: 'Enforced', enforced: 'True CodeRequired', seedMintedAt };
    await tenant.patch(anna, { reset: { requestedAt: await justAfter(seedMintedAt) } });
    await tenant.eventually(anna).shows(asBefore);
    await tenant.patch(anna, { state: 'Removed' });
    await tenant.eventually(anna).shows(asBefore);
    expect(await tenant.now(secretOf(anna))).toEqual(before);
    await tenant.admin(`delete secret ${name}`);
    await tenant.eventually(anna).shows({ phase: 'Off', enrolled: 'False SeedErased', ready: 'True Reconciled' });
    await tenant.eventually(secretOf(anna)).shows({ keys: [], login: 'none Off' });
    await tenant.eventually(anna).tells(['Enrolled', 'WriteFailed', 'Removed', 'Reconciled']);
  });

  for (const { code, status } of webhookDenials) {
    scenario(`by a webhook (${status}) shows its name, not its words, which quote the seed`, async (tenant, skip) => {
      const { namespace } = tenant;
      await tenant.given(platform());
      const webhook = await startDenyingWebhook(namespace, code);
      try {
        await tenant.admin('apply -f -', { input: JSON.stringify(webhook.configuration) });
        const said = await denialOf(tenant);
        if (!said.includes('no Secret with')) skip(`this control plane does not reach a webhook here: ${said}`);
        await tenant.apply(anna);
        const message = new RegExp(`refused to write the Secret: ${status}, admission webhook denies\\.example\\.io`);
        const { message: ready } = await tenant.eventually(anna).shows({ ...failed, phase: 'Blocked', message });
        expect(ready).not.toContain('no Secret with');
        await tenant.admin(`delete validatingwebhookconfiguration ${namespace}`);
      } finally {
        webhook.close();
      }
      await nudge(tenant);
      await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    });
  }

  scenario('because a webhook is down is told of in the log, by its name, and done once it can be', async (tenant) => {
    const { namespace, stage } = tenant;
    await tenant.given(platform());
    await tenant.admin('apply -f -', { input: JSON.stringify(webhookThatIsDown(namespace)) });
    await denialOf(tenant);
    await tenant.apply(anna);
    const told = (): string[] =>
      stage.operator.lines.filter((line) => line.includes(namespace) && line.includes('in a row'));
    await until('the log says it', () => told().length > 0);
    await tenant.settled();
    expect(told()).toEqual([expect.stringMatching(/500 InternalError, webhook down\.example\.io could not be called/)]);
    expect(await tenant.now(anna)).toMatchObject({ current: false, phase: undefined });
    expect(await tenant.now(secretOf(anna))).toBeUndefined();
    await tenant.admin(`delete validatingwebhookconfiguration ${namespace}`);
    await nudge(tenant);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
  });

  scenario(
    'because a right was taken away shows, and leaves the login as it was until the right is back',
    async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const { seedMintedAt } = (await tenant.now(anna)) ?? {};
      const role = await tenant.admin('get role exchange2fa-operator -o json');
      await tenant.admin('replace -f -', { input: withoutSecretWrites(role) });
      await tenant.patch(anna, { reset: { requestedAt: await justAfter(seedMintedAt) } });
      const message = /refused to write the Secret: 403, the operator lacks the permission/;
      await tenant.eventually(anna).shows({ ...failed, phase: 'Enforced', enforced: 'True CodeRequired', message });
      expect(await tenant.now(secretOf(anna))).toMatchObject({ login: 'code', mintedAt: seedMintedAt });
      await tenant.admin('replace -f -', { input: unversioned(role) });
      await nudge(tenant);
      await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
      await tenant.eventually(anna).tells(['Enrolled', 'WriteFailed', 'Reset', 'Reconciled']);
    },
  );

  scenario('because every right was taken away stops nothing else: all goes on when they are back', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const binding = await tenant.admin('get rolebinding exchange2fa-operator -o json');
    await tenant.admin('delete rolebinding exchange2fa-operator');
    await tenant.patch(anna, { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 2 } });
    await come(fromNow({ seconds: 3 }));
    expect(await tenant.now(anna)).toMatchObject({ phase: 'Enforced', current: false });
    expect(tenant.stage.operator.hasEnded).toBe(false);
    await tenant.admin('create -f -', { input: unversioned(binding) });
    await nudge(tenant);
    await tenant.eventually(anna).shows({ phase: 'Suspended', ready: 'True Reconciled' });
  });
});

/** What is said of a new Secret, once it is denied. */
const denialOf = async (tenant: Tenant): Promise<string> => {
  let said = '';
  await until('the webhook is asked', () =>
    tenant.admin('create secret generic probe --dry-run=server').then(
      () => false,
      (error: unknown) => {
        said = String(error);
        return true;
      },
    ),
  );
  return said;
};

const unversioned = (text: string): string => {
  const { metadata, ...object } = JSON.parse(text) as { metadata: object };
  return JSON.stringify({ ...object, metadata: { ...metadata, resourceVersion: undefined, uid: undefined } });
};

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const withoutSecretWrites = (text: string): string => {
  const role = JSON.parse(unversioned(text)) as { rules: readonly Rule[] };
  const verbs = ['list', 'watch'];
  return JSON.stringify({
    ...role,
    rules: role.rules.map((rule) => (rule.resources.includes('secrets') ? { ...rule, verbs } : rule)),
  });
};

const webhookThatIsDown = (namespace: string): object =>
  webhookConfiguration(namespace, {
    name: 'down.example.io',
    clientConfig: { url: 'https://127.0.0.1:1/' },
    timeoutSeconds: 1,
  });

/** Refuses every new Secret of the namespace. */
function refusingPolicy(namespace: string, reason: string): object {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: namespace };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] };
  const only = [{ name: 'here', expression: `request.namespace == '${namespace}'` }];
  const validations = [{ expression: 'false', message: 'words of the policy', reason }];
  const spec = { matchConstraints: { resourceRules: [rule] }, matchConditions: only, validations };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec },
      {
        apiVersion,
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata,
        spec: { policyName: namespace, validationActions: ['Deny'] },
      },
    ],
  };
}
