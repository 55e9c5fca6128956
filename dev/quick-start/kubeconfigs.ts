import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { hourMs } from '../../src/api/instants.ts';
import type { Kubectl } from './kubectl.ts';

interface Kubeconfig {
  readonly contexts: readonly [{ readonly name: string; readonly context: Readonly<Record<string, string>> }];
  readonly clusters: readonly [{ readonly name: string; readonly cluster: object }];
}

/** Tokens are made for a day, and again each eight hours: a quick start may be forgotten. */
const tokenDuration = '24h';
const tokenRenewalMs = 8 * hourMs;

/** The administrator's kubeconfig with the namespace in it, so that commands need not name it. */
export async function writeUserKubeconfig(from: string, folder: string, namespace: string): Promise<string> {
  const kubeconfig = parse(await readFile(from, 'utf8')) as Kubeconfig;
  const [{ name, context }] = kubeconfig.contexts;
  const file = join(folder, 'kubeconfig');
  const contexts = [{ name, context: { ...context, namespace } }];
  await writeFile(file, stringify({ ...kubeconfig, contexts }), { mode: 0o600 });
  return file;
}

/** A kubeconfig for a ServiceAccount of exchange2fa-system, with a token of its own that is kept fresh. */
export async function writeIdentity(
  kubectl: Kubectl,
  { from, folder, name }: { readonly from: string; readonly folder: string; readonly name: string },
): Promise<string> {
  const kubeconfig = parse(await readFile(from, 'utf8')) as Kubeconfig;
  const [{ name: cluster }] = kubeconfig.clusters;
  const tokenFile = join(folder, `${name}.token`);
  const renew = async (): Promise<void> => {
    const create = ['create', 'token', name, '-n', 'exchange2fa-system', '--duration', tokenDuration];
    await writeFile(tokenFile, await kubectl(create), { mode: 0o600 });
  };
  await renew();
  setInterval(() => void renew().catch(() => undefined), tokenRenewalMs).unref();
  const file = join(folder, `${name}.kubeconfig`);
  const identity = {
    ...kubeconfig,
    contexts: [{ name, context: { cluster, user: name } }],
    users: [{ name, user: { tokenFile } }],
    'current-context': name,
  };
  await writeFile(file, stringify(identity), { mode: 0o600 });
  return file;
}
