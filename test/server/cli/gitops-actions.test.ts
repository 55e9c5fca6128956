import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { checkObject } from '../../../src/cli/manifests/check.ts';
import { readSchemas } from '../../../src/cli/manifests/crds.ts';
import { buildProofs, buildTimeoutMs, manifests, needsGo, proof } from './gitops-program.ts';
import { accountObject } from './stage.ts';

beforeAll(buildProofs, buildTimeoutMs);
beforeEach(needsGo);

test.each([
  ['suspend', { suspension: { hours: 24 } }],
  ['reset', { reset: { reason: 'Argo CD action' } }],
])('the action %s makes an account that the API server takes', async (action, factor) => {
  const script = join(manifests, `argocd/action-${action}.lua`);
  const [object] = await proof<object>(['action', script], [accountObject('arno', 'argo')]);
  expect(object).toMatchObject({ spec: { twoFactor: factor } });
  expect(checkObject(await readSchemas(), object)).toEqual([]);
});

test('the action resume takes the suspension away', async () => {
  const suspended = accountObject('arno', 'argo', {
    state: 'Enabled',
    suspension: { requestedAt: '2026-01-01T00:00:00Z', hours: 1 },
  });
  const [object] = await proof<{ spec: { twoFactor: object } }>(
    ['action', join(manifests, 'argocd/action-resume.lua')],
    [suspended],
  );
  expect(object?.spec.twoFactor).toEqual({ state: 'Enabled' });
});

test('the action resume leaves no empty table, which Argo CD would put back as it was', async () => {
  const suspension = { requestedAt: '2026-01-01T00:00:00Z', hours: 1 };
  const [object] = await proof<{ spec: object }>(
    ['action', join(manifests, 'argocd/action-resume.lua')],
    [accountObject('arno', 'argo', { suspension })],
  );
  expect(object?.spec).not.toHaveProperty('twoFactor');
});

const suspension = { requestedAt: '2026-01-01T00:00:00Z', hours: 1 };
const codeUntil = (expiresAt: string) => ({
  enrollmentCode: { hash: `sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`, expiresAt },
});

test.each<readonly [what: string, factor: object | undefined, phase: string | undefined, offered: readonly string[]]>([
  ['a new account', undefined, undefined, ['suspend', 'reset']],
  ['an enrolled account', undefined, 'Enforced', ['suspend', 'reset']],
  ['a suspended account', { suspension }, 'Suspended', ['resume', 'reset']],
  ['an account that its platform suspends', undefined, 'Suspended', ['reset']],
  ['an account whose suspension is over', { suspension }, 'Enforced', ['suspend', 'resume', 'reset']],
  ['a removed account', { state: 'Removed' }, 'Off', []],
  ['an account whose enrolment code is valid', codeUntil('2199-01-01T00:00:00Z'), 'Enforced', ['suspend', 'reset']],
  ['an account whose enrolment code has ended', codeUntil('2026-01-01T00:00:00Z'), 'Enforced', ['suspend']],
])('offers what makes sense: %s', async (_, factor, phase, offered) => {
  const object = { ...accountObject('arno', 'argo', factor), ...(phase !== undefined && { status: { phase } }) };
  const script = join(manifests, 'argocd/discovery.lua');
  const [answer] = await proof<Readonly<Record<string, { readonly disabled: boolean }>>>(['lua', script], [object]);
  const actions = Object.entries(answer ?? {});
  expect(actions.map(([name]) => name).toSorted()).toEqual(['reset', 'resume', 'suspend']);
  const enabled = actions.filter(([, { disabled }]) => !disabled).map(([name]) => name);
  expect(enabled.toSorted()).toEqual([...offered].toSorted());
});
