/** Where a control plane comes from, in the order in which they are tried. */
export const providerNames = ['context', 'k3s', 'assets', 'go'] as const;
export type ProviderName = (typeof providerNames)[number];

export interface StartOptions {
  /** Only this provider; without it each in turn. A named context is always the only one. */
  readonly provider?: ProviderName;
  /** The kubeconfig context to use. The current context is never used without being named. */
  readonly context?: string;
  /** The file that holds the context; without it the one that kubectl would read. */
  readonly kubeconfig?: string;
  /** Data are kept here and found again at the next start; without it they are thrown away at the end. */
  readonly dataDir?: string;
  /** Told what is being done, one sentence a call; standard error without it. */
  readonly log?: (sentence: string) => void;
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal;
  /** Only processes of our own will do: a test wants `ControlPlane.local`. */
  readonly needsLocal?: boolean;
  readonly extraApiServerArgs?: readonly string[];
  /** The API server's audit log, by a policy that notes metadata only unless `auditPolicy` says otherwise. */
  readonly auditLogFile?: string;
  /** An audit.k8s.io/v1 Policy in YAML. */
  readonly auditPolicy?: string;
  /** An image instead of K3s's own. */
  readonly container?: ContainerChoice;
}

/** What keeps K3s's contract: the same port, path of the kubeconfig, and line in the log once it is ready. */
export interface ContainerChoice {
  readonly image: string;
  /** K3s must be, for it runs pods. */
  readonly privileged: boolean;
}

export interface ControlPlane {
  readonly provider: ProviderName;
  /** A file that only its owner may read; its one context is the administrator's. */
  readonly kubeconfig: string;
  readonly server: string;
  /** The certificates to trust; none where the machine's own suffice. */
  readonly caFile: string | undefined;
  /** The beginning of a kubectl command against this control plane. */
  readonly kubectl: readonly string[];
  /** What only processes of our own can do; a cluster or a container cannot. */
  readonly local?: LocalFaults;
  /** Ends it and takes away what is not kept. A cluster that was only named goes on. */
  stop(): Promise<void>;
}

/** What tests of faults do to a control plane. */
export interface LocalFaults {
  /** Stops etcd in the middle of whatever it does: the API server is up, and its storage does not answer. */
  freezeEtcd(): void;
  thawEtcd(): void;
  stopApiServer(): Promise<void>;
  /** Stops the API server if it runs, starts it on the same port, and waits until it is ready. */
  restartApiServer(): Promise<void>;
  snapshotEtcd(): Promise<EtcdSnapshot>;
  /** Puts the storage back to a snapshot; the API server runs on, unaware, unless it is to be restarted. */
  restoreEtcd(snapshot: EtcdSnapshot, options: { readonly restartApiServer: boolean }): Promise<void>;
  /** Another identity, in any groups. The API server reads its tokens at the start, so it is restarted. */
  addUserToken(user: { readonly name: string; readonly groups?: readonly string[] }): Promise<string>;
}

/** A copy of etcd's data folder; it goes with the control plane that it was taken from. */
export interface EtcdSnapshot {
  readonly folder: string;
}

/** What a provider needs of the options, with nothing left to default. */
export type ProviderOptions = StartOptions & { readonly log: (sentence: string) => void };

export type StartProvider = (options: ProviderOptions) => Promise<ControlPlane>;

/** The provider cannot work on this machine; the next one may. */
export class Unavailable extends Error {
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.name = 'Unavailable';
    this.remedy = remedy;
  }
}
