import { readFile } from 'node:fs/promises';
import type { ControlPlane } from '../../dev/control-plane/index.ts';
import { parseKubeconfig } from '../../src/kube/credentials/kubeconfig.ts';
import type { Endpoint } from '../raw-client/connection.ts';

const pem = async (fields: Readonly<Record<string, unknown>>, name: string): Promise<string | undefined> => {
  const [inline, file] = [fields[`${name}-data`], fields[name]];
  if (typeof inline === 'string') return Buffer.from(inline, 'base64').toString('utf8');
  return typeof file === 'string' ? readFile(file, 'utf8') : undefined;
};

/** Where the control plane is, as its administrator. */
export const endpointOf = async ({ kubeconfig, server }: ControlPlane): Promise<Endpoint> => {
  const { cluster, user } = await parseKubeconfig(await readFile(kubeconfig, 'utf8'));
  const ca = await pem(cluster, 'certificate-authority');
  const cert = await pem(user, 'client-certificate');
  const key = await pem(user, 'client-key');
  const token = user['token'];
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(typeof token === 'string' && { token }),
  };
};
