import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { kubectl, kubectlOk } from '../../support/kubectl.ts';
import { cases } from './secret-cases.ts';
import { create, enrolled, names, opaque, remove, secret, seed, stock } from './secret-objects.ts';
import { type Identities, applyObjects, prepareTenant, tenant, until } from './tenant.ts';

let identities: Identities;

beforeAll(async () => {
  identities = await prepareTenant();
  await placeForeign();
  await kubectlOk(['apply', '-k', 'manifests/policies']);
  const refused = ['totp-secrets', 'verify-writes-only-totp'].map((policy) => async () => policyActs(policy));
  await Promise.all(refused.map((acts) => until('the policies act', acts)));
  await applyObjects(stock);
});

/** The Secret of another type under our name was there before the policies were. */
async function placeForeign(): Promise<void> {
  await kubectlOk(['delete', 'validatingadmissionpolicybinding', 'totp-secrets.exchange2fa.io', '--wait=false']);
  await until('the policy acts no longer', async () => {
    const { status } = await ask(create(opaque(names.foreign)));
    return status === 201 || status === 409;
  });
}

async function policyActs(policy: string): Promise<boolean> {
  const { token } = identities.wideLogin;
  const body = policy === 'totp-secrets' ? secret(names.fresh) : opaque('probe');
  const { status } = await ask(dry({ ...create(body), token }));
  return status === 403;
}

const dry = <T extends { readonly path: string }>(request: T): T => ({
  ...request,
  path: `${request.path}?dryRun=All`,
});

describe('a Secret with a seed: ', () => {
  test.each(
    cases.map(([who, what, act, reason]) => ({
      sentence: `${who} ${what}: ${reason === undefined ? 'allowed' : 'refused'}`,
      ...{ who, act, reason },
    })),
  )('$sentence', async ({ who, act, reason }) => {
    const { user, token } = identities[who];
    const { message, status } = await ask(dry({ ...act, token }));
    if (reason === undefined) {
      expect(message).toBe('');
    } else {
      const [, because] = message.split(' denied request: ');
      expect({ because, status }).toEqual({
        because: reason.replace('USER', user),
        status: expect.any(Number) as number,
      });
      expect([403, 422]).toContain(status);
    }
  });

  test('a seed-changing patch by cluster-admin is allowed: who holds "*" holds mint', async () => {
    expect((await ask(dry(remove(names.enrolled)))).message).toBe('');
  });

  test('kubectl shows who lacks which verb', async () => {
    const { token, user } = identities.secretsAdmin;
    const { stderr } = await kubectl(['delete', 'secret', names.enrolled, '-n', tenant], { token });
    expect(stderr).toContain(
      `needs the verb mint on mailaccounts, which ${user} lacks; set spec.twoFactor.state: Removed`,
    );
  });

  test('kubectl auth can-i answers with the same verbs', async () => {
    const answers = await Promise.all(
      (['operator', 'login', 'admin'] as const).map(async (who) => {
        const { stdout } = await kubectl(
          ['auth', 'can-i', 'mint', 'mailaccounts.exchange2fa.io', '-n', tenant],
          identities[who],
        );
        return `${who}: ${stdout.trim()}`;
      }),
    );
    expect(answers).toEqual(['operator: yes', 'login: no', 'admin: no']);
  });
});

describe('a namespace that ends', () => {
  const ending = `${tenant}-ending`;

  test('takes its seeds with it, though nobody there holds mint', async () => {
    await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: ending } }]);
    await applyObjects([secret(names.enrolled, enrolled, seed, ending)]);
    await kubectlOk(['delete', 'namespace', ending, '--timeout=90s']);
    expect((await kubectl(['get', 'namespace', ending])).stderr).toContain('not found');
  });
});
