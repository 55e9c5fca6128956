import type { Folders } from './folders.ts';

/** How each program of a control plane is called: the beginnings of commands. */
export interface Programs {
  readonly etcd: readonly string[];
  readonly apiServer: readonly string[];
  /** Not everybody has one; without it nothing collects garbage or empties namespaces. */
  readonly controllerManager: readonly string[] | undefined;
  readonly kubectl: readonly string[];
}

export function etcdCommand(programs: Programs, folders: Folders, { throwAway }: { throwAway: boolean }): string[] {
  // A socket that only the owner can reach: etcd has no passwords here, and a port is open to everybody on the machine.
  const url = `unix://${folders.etcdSocket}`;
  return [
    ...programs.etcd,
    '--name=exchange2fa',
    `--data-dir=${folders.etcdData}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=unix://${folders.etcdSocket}.peer`,
    '--log-level=warn',
    '--auto-compaction-mode=periodic',
    '--auto-compaction-retention=10m',
    ...(throwAway ? ['--unsafe-no-fsync'] : []),
  ];
}

export interface ApiServerFlags {
  readonly port: number;
  readonly auditLogFile: string | undefined;
  readonly extra: readonly string[];
}

export function apiServerCommand(programs: Programs, folders: Folders, flags: ApiServerFlags): string[] {
  return [
    ...programs.apiServer,
    `--etcd-servers=unix://${folders.etcdSocket}`,
    `--secure-port=${flags.port}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${folders.certificates}`,
    `--token-auth-file=${folders.tokens}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${folders.signingKey}`,
    `--service-account-signing-key-file=${folders.signingKey}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    // There are no nodes, so nothing would ever serve an endpoint.
    '--endpoint-reconciler-type=none',
    ...(flags.auditLogFile === undefined
      ? []
      : [`--audit-log-path=${flags.auditLogFile}`, `--audit-policy-file=${folders.auditPolicy}`]),
    ...flags.extra,
  ];
}

const controllers = [
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
];

export function controllerManagerCommand(program: readonly string[], folders: Folders): string[] {
  return [
    ...program,
    `--kubeconfig=${folders.controllerKubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    // Otherwise the namespace controller deletes as another user than in a real cluster.
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${folders.signingKey}`,
    `--root-ca-file=${folders.authority}`,
    '--leader-elect=false',
    // No port of its own: nobody asks it.
    '--secure-port=0',
  ];
}

/** Who did what to which object and when; never what was in it, for that may be a seed. */
export const metadataOnlyPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;
