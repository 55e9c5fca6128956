import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';

export interface KubeconfigContent {
  readonly server: string;
  readonly caFile: string;
  readonly token: string;
}

const name = 'exchange2fa';

/** Writes a kubeconfig with one context, for its owner's eyes only. */
export async function writeKubeconfig(file: string, content: KubeconfigContent): Promise<void> {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: content.server, 'certificate-authority': content.caFile } }],
    users: [{ name, user: { token: content.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  await writeFile(file, stringify(kubeconfig), { mode: 0o600 });
}
