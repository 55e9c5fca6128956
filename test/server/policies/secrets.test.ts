import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { kubectl, kubectlOk } from '../../support/kubectl.ts';
import { cases } from './secret-cases.ts';
import { create, earlier, enrolled, names, opaque, remove, secret, seed, stock } from './secret-objects.ts';
import {
  type Identities,
  type Who,
  applyObjects,
  placeLasting,
  prepareTenant,
  rightsIn,
  tenant,
  until,
} from './tenant.ts';

let identities: Identities;

beforeAll(async () => {
  identities = await prepareTenant();
  await placeEarlier();
  await kubectlOk(['apply', '-k', 'manifests/policies']);
  const refused = ['totp-secrets', 'verify-writes-only-totp'].map((policy) => async () => policyActs(policy));
  await Promise.all(refused.map((acts) => until('the policies act', acts)));
  await applyObjects(stock);
});

/** What no policy lets in was there before the policies were. */
async function placeEarlier(): Promise<void> {
  await kubectlOk(['delete', 'validatingadmissionpolicybinding', 'totp-secrets.exchange2fa.io', '--wait=false']);
  for (const object of earlier) {
    await until('the policy acts no longer', async () => {
      const { status } = await ask(create(object));
      return status === 201 || status === 409;
    });
  }
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
    cases.map(([who, what, act, ...reasons]) => ({
      sentence: `${who} ${what}: ${reasons.length === 0 ? 'allowed' : 'refused'}`,
      ...{ who, act, reasons },
    })),
  )('$sentence', async ({ who, act, reasons }) => {
    const { user, token } = identities[who];
    const { message, status } = await ask(dry({ ...act, token }));
    if (reasons.length === 0) {
      expect(message).toBe('');
    } else {
      const [, because] = message.split(' denied request: ');
      expect(reasons.map((reason) => reason.replace('USER', user))).toContain(because);
      expect([403, 422]).toContain(status);
    }
  });

  test('secretsAdmin never gets one of our names by chance: generateName is looked at too', async () => {
    const { token } = identities.secretsAdmin;
    const metadata = { generateName: names.fresh.slice(0, -5), namespace: tenant };
    const body = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata };
    // Five of 27 characters are added; all are hexadecimal once in about 90 times.
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const { status, message, body: created } = await ask(dry({ ...create(body), token }));
      if (status === 201) expect(created.metadata?.['name']).not.toMatch(/^totp-[0-9a-f]{40}$/);
      else expect(message).toContain('needs the verb mint or restore');
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
  test('takes its seeds with it, though nobody there holds mint', async () => {
    const ending = `${tenant}-ending`;
    await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: ending } }]);
    await applyObjects([secret(names.enrolled, enrolled, seed, ending)]);
    await kubectlOk(['delete', 'namespace', ending, '--timeout=90s']);
    expect((await kubectl(['get', 'namespace', ending])).stderr).toContain('not found');
  });

  test('lets only those delete its seeds who may delete everything in it', async () => {
    const held = `${tenant}-held`;
    const people = ['secretsAdmin', 'namespaceCleaner'] as const;
    const deletion = async (who: Who): Promise<string> =>
      (await ask(dry({ ...remove(names.enrolled, held), token: identities[who].token }))).message;
    await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: held } }]);
    const stay = await placeLasting(held, [...rightsIn(held, people), secret(names.enrolled, enrolled, seed, held)]);
    try {
      await kubectlOk(['delete', 'namespace', held, '--wait=false']);
      await until('the policy sees it end', async () => (await deletion('namespaceCleaner')) === '');
      expect(await deletion('secretsAdmin')).toContain('needs the verb mint on mailaccounts, which');
    } finally {
      await stay.end();
      await kubectlOk(['wait', `namespace/${held}`, '--for=delete', '--timeout=90s']);
    }
  });
});
