import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { applyYaml } from '../../support/kubectl.ts';
import { buildProofs, buildTimeoutMs, manifests, needsGo, proof } from './gitops-program.ts';
import { accountObject, type Act, CliStage, platformObject, specOf, tenant, untilPhase } from './stage.ts';

let stage: CliStage;

beforeAll(async () => {
  await buildProofs();
  stage = await CliStage.prepare();
}, buildTimeoutMs);
beforeEach(needsGo);
afterAll(() => stage.end());

describe('Flux', () => {
  const outspoken = accountObject('flora', 'flux', { state: 'Enabled' });
  /** Git leaves its switch to the platform. */
  const silent = accountObject('fred', 'flux');
  const platform = platformObject('flux', { state: 'Enabled', accountDefault: 'Enabled' });
  const apply = async (account: object): Promise<string | undefined> => {
    const changes = await proof<{ action: string }>(['flux', inject('kubeconfig')], [platform, account]);
    return changes.at(-1)?.action;
  };

  test.each([
    ['flora', outspoken],
    ['fred', silent],
  ])('creates what Git says: %s', async (name, account) => {
    expect(await apply(account)).toBe('created');
    await untilPhase(name, 'Enrolling');
  });

  test.each<readonly [act: Act, factor: object]>([
    [['helpdesk', ['suspend', 'flora', '--hours', '2']], { suspension: { hours: 2 } }],
    [['helpdesk', ['reset', 'flora', '--reason', 'lost']], { suspension: { hours: 2 }, reset: { reason: 'lost' } }],
    [['helpdesk', ['unlock', 'flora']], { suspension: { hours: 2 }, reset: { reason: 'lost' }, unlock: {} }],
    [['helpdesk', ['code', 'flora']], { enrollmentCode: {}, suspension: { hours: 2 }, reset: { reason: 'lost' } }],
  ])('leaves alone what %j asks, before and after', async (act, factor) => {
    expect(await apply(outspoken)).toBe('unchanged');
    await stage.does(...act);
    expect(await apply(outspoken)).toBe('unchanged');
    expect(await specOf('flora')).toMatchObject({ twoFactor: { state: 'Enabled', ...factor } });
  });

  test('and what resume withdraws stays withdrawn', async () => {
    await stage.does('helpdesk', ['resume', 'flora']);
    expect(await apply(outspoken)).toBe('unchanged');
    expect(await specOf('flora')).not.toHaveProperty('twoFactor.suspension');
  });

  test.each([
    ['remove', 'Removed', 'Off'],
    ['enable', 'Enabled', 'Enrolling'],
  ])('leaves alone what %s asks where Git says no state, before and after', async (command, state, phase) => {
    expect(await apply(silent)).toBe('unchanged');
    await stage.does('admin', [command, 'fred']);
    expect(await apply(silent)).toBe('unchanged');
    expect(await specOf('fred')).toMatchObject({ twoFactor: { state } });
    await untilPhase('fred', phase);
  });

  const refused = /spec\.twoFactor\.state belongs to kustomize-controller: commit the change there, or use --force/;

  test('whose state is not changed behind its back: remove names it, and prints what to commit', async () => {
    const { code, stdout, stderr } = await stage.run('admin', ['remove', 'flora']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(refused) as string });
    expect(parse(stdout)).toMatchObject({ metadata: { name: 'flora' }, spec: { twoFactor: { state: 'Removed' } } });
    expect(await apply(outspoken)).toBe('unchanged');
    expect(await specOf('flora')).toMatchObject({ twoFactor: { state: 'Enabled' } });
  });

  test('takes back what was taken from Git by force, and remove says so', async () => {
    const { code, stderr } = await stage.run('admin', ['remove', 'flora', '--force']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /Taken from kustomize-controller: .*its next sync puts back what Git says/,
      ) as string,
    });
    expect(await apply(outspoken)).toBe('configured');
    expect(await specOf('flora')).toMatchObject({ twoFactor: { state: 'Enabled' } });
  });

  test('takes the switch over once Git says a state: from then on remove is refused', async () => {
    await stage.does('admin', ['remove', 'fred']);
    expect(await apply(accountObject('fred', 'flux', { state: 'Enabled' }))).toBe('configured');
    expect(await specOf('fred')).toMatchObject({ twoFactor: { state: 'Enabled' } });
    expect(await stage.run('admin', ['remove', 'fred'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(refused) as string,
    });
  });

  test('never owns what it found as Git says it, so that remove and enable are not refused; but Git puts it back', async () => {
    const removed = accountObject('fay', 'flux', { state: 'Removed' });
    await apply(accountObject('fay', 'flux'));
    await stage.does('admin', ['remove', 'fay']);
    expect(await apply(removed)).toBe('unchanged');
    await stage.does('admin', ['enable', 'fay']);
    expect(await apply(removed)).toBe('configured');
    expect(await specOf('fay')).toMatchObject({ twoFactor: { state: 'Removed' } });
  });
});

interface Kustomization {
  readonly spec: { readonly healthChecks: readonly [{ readonly name: string }] };
}

const example = parse(await readFile(join(manifests, 'flux/mail-accounts.yaml'), 'utf8')) as Kustomization;
const [check] = example.spec.healthChecks;

describe('the example for Flux', () => {
  /** Flux's own health check of the example, in the namespace of this test, and for the shortest time that Flux waits. */
  const health = async (more: object = {}) => {
    const healthChecks = example.spec.healthChecks.map((each) => ({ ...each, namespace: tenant }));
    const here = { ...example, spec: { ...example.spec, healthChecks, timeout: '30s', ...more } };
    return (await proof(['health', inject('kubeconfig')], [here]))[0];
  };

  test('has only fields that Flux knows', () =>
    expect(health({ healthCheck: [] })).rejects.toThrow(/unknown field "[^"]*healthCheck"/));

  test('is healthy once every account is decided, and fails at once where only a change helps', async () => {
    const apply = (twoFactor: object) =>
      applyYaml(JSON.stringify(platformObject(check.name, { state: 'Enabled', ...twoFactor })));
    await apply({});
    await applyYaml(JSON.stringify(accountObject('helga', check.name)));
    expect(await health()).toMatchObject({ healthy: true });
    await apply({ suspension: { requestedAt: '2199-01-01T00:00:00Z', hours: 99 } });
    expect(await health()).toMatchObject({
      healthy: false,
      message: expect.stringMatching(/failed early due to stalled resources: .*example-mail/) as string,
    });
    await apply({});
    expect(await health()).toMatchObject({ healthy: true });
  });
});
