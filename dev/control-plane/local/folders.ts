import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Every file of a local control plane, by what it is. */
export interface Folders {
  /** Taken away at the end, whatever happens: sockets, logs, tokens. */
  readonly run: string;
  /** Kept from start to start when the caller names a folder; otherwise a part of `run`. */
  readonly data: string;
  readonly etcdData: string;
  readonly etcdSocket: string;
  readonly certificates: string;
  readonly servingCertificate: string;
  readonly servingKey: string;
  readonly authority: string;
  readonly signingKey: string;
  readonly adminToken: string;
  readonly tokens: string;
  readonly port: string;
  readonly lock: string;
  readonly kubeconfig: string;
  readonly controllerKubeconfig: string;
  readonly auditPolicy: string;
  log(part: string): string;
}

export async function makeRunFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'exchange2fa-control-plane-'));
}

export async function makeFolders(run: string, dataDir: string | undefined): Promise<Folders> {
  const data = dataDir === undefined ? join(run, 'data') : resolve(dataDir);
  const certificates = join(data, 'certificates');
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  return {
    run,
    data,
    etcdData: join(data, 'etcd'),
    // Here and not beside the data: the name of a socket may have about 100 characters.
    etcdSocket: join(run, 'etcd.sock'),
    certificates,
    servingCertificate: join(certificates, 'apiserver.crt'),
    servingKey: join(certificates, 'apiserver.key'),
    authority: join(data, 'ca.crt'),
    signingKey: join(data, 'service-account.key'),
    adminToken: join(data, 'admin.token'),
    tokens: join(run, 'tokens.csv'),
    port: join(data, 'port'),
    lock: join(data, 'lock'),
    kubeconfig: join(data, 'kubeconfig'),
    controllerKubeconfig: join(run, 'controller-manager.kubeconfig'),
    auditPolicy: join(run, 'audit-policy.yaml'),
    log: (part) => join(run, `${part}.log`),
  };
}
