/** What a fault or probe may require of a cluster and its nodes. A provider lists what it really has. */
export type Capability =
  | 'node-shell' // commands run on a node
  | 'power' // a node can be cut off and switched off and on from outside
  | 'etcd' // etcdctl answers on the control-plane nodes
  | 'places'; // machines outside the cluster, on its network, for clients and control targets

export interface NodeFacts {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  /** The value of topology.kubernetes.io/zone, or null where the node has none. */
  readonly zone: string | null;
  /** InternalIP, reachable from every place. */
  readonly address: string;
}

export interface ClusterFacts {
  readonly name: string;
  readonly provider: 'local' | 'kind' | 'existing';
  /** True when the harness made this cluster and may therefore delete it. */
  readonly owned: boolean;
  readonly kubernetesVersion: string;
  readonly nodes: readonly NodeFacts[];
  readonly capabilities: readonly Capability[];
  /** Why a capability is missing, as a sentence, where the provider can say more than that it is. */
  readonly missing?: Readonly<Partial<Record<Capability, string>>>;
  /** The API endpoint that survives the loss of one server, as places reach it. */
  readonly apiEndpoint: string;
  /** Each API server on its own, as places reach it. */
  readonly apiServers: readonly { readonly node: string; readonly url: string }[];
  readonly etcd: null | {
    /** Whether each API server talks to its own member (as kubeadm wires it) or to all. */
    readonly wiring: 'own' | 'all';
    /** The argv that, run on a control-plane node, is etcdctl speaking to that node's own member. */
    readonly etcdctl: readonly string[];
  };
}

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; 128 + n when signal n ended the command. */
  readonly exitCode: number;
}

export interface ExecOptions {
  readonly signal?: AbortSignal;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** When true, a non-zero exit code is returned instead of thrown. */
  readonly allowFailure?: boolean;
}

export interface SpawnOptions {
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** Appends both output streams to this file on the harness's machine instead of yielding lines. */
  readonly logFile?: string;
}

/** A program that goes on until it ends or is disposed (SIGTERM, then SIGKILL after 3 s). */
export interface Running extends AsyncDisposable {
  /** The lines of standard output as they come; empty with `logFile`. */
  readonly lines: AsyncIterable<string>;
  readonly done: Promise<Ran>;
  kill(signal: NodeJS.Signals): void;
}

/** Somewhere commands run: a node of the cluster, or a place beside it. */
export interface Shell {
  readonly name: string;
  /** Runs a command to its end. @throws HarnessError `command-failed` | `timed-out` with the last lines of its output */
  exec(argv: readonly string[], options?: ExecOptions): Promise<Ran>;
  spawn(argv: readonly string[], options?: SpawnOptions): Running;
}

/** A machine outside the cluster but on its network: load generators and control targets live there. */
export interface Place extends Shell {
  readonly address: string;
}

/** The switches that no command on the node itself can give. Present when the facts list `power`. */
export interface PowerSwitch {
  /** Takes the node's network link away. Idempotent. */
  cutLink(): Promise<void>;
  restoreLink(): Promise<void>;
  /** Ends every process of the node at once, without a goodbye. Idempotent. */
  off(): Promise<void>;
  /** Starts the node again. Idempotent; returns when its supervisor runs, not when it is Ready. */
  on(): Promise<void>;
  state(): Promise<{ readonly link: 'up' | 'down'; readonly power: 'on' | 'off' }>;
  /** A POSIX shell script for the host that restores link and power without the harness: for a leash. Idempotent. */
  readonly restoreScript: string;
}

export interface Cluster extends AsyncDisposable {
  readonly facts: ClusterFacts;
  /** The path of a kubeconfig with administrator rights that works from the harness's own process. */
  readonly kubeconfig: string;
  /** @throws HarnessError `unknown-name` */
  node(name: string): Shell;
  /** A place of that name, made when first asked for and removed with the cluster. */
  place(name: string): Promise<Place>;
  /** The harness's own machine, for the leash of a node that is switched off. */
  readonly host: Shell;
  /** @throws HarnessError `not-here` when the provider has no such switches */
  power(node: string): PowerSwitch;
  /** Brings the images of docker-format archives to every node that runs pods. */
  loadImages(archives: readonly string[], signal: AbortSignal): Promise<void>;
  /**
   * Builds a program of this repository (a folder with a go.mod) that a fault lays on nodes; absent where none can be built.
   * @returns its path on the harness's machine
   */
  buildProgram?(program: { readonly name: string; readonly folder: string }, signal: AbortSignal): Promise<string>;
  /** Copies what the nodes logged to a directory of its own for each node. */
  collectLogs(directory: string): Promise<void>;
}

/** Where a cluster comes from: declarative, so that a run can be planned and replayed. */
export interface ClusterSpec {
  readonly provider: 'local' | 'kind' | 'existing';
  /** A kind config file (kind.x-k8s.io/v1alpha4); for `existing`, unused. */
  readonly config: string;
  /** Whether each API server talks to its own etcd member, as kubeadm wires it, or to all of them. */
  readonly etcd: 'own' | 'all';
}

export interface ClusterProvider {
  readonly name: ClusterSpec['provider'];
  /** Boots a cluster of that name. @throws HarnessError `cluster-exists` | `cluster-boot` | ... ; nothing is left behind */
  create(name: string, spec: ClusterSpec, progress: Progress, signal: AbortSignal): Promise<Cluster>;
  /**
   * Takes hold of a running cluster from any process.
   * @param run for which things may be made on a cluster that is not ours; without it nothing is, and it is only looked at
   * @throws HarnessError `unknown-name` | `cluster-state` | `refused`
   */
  attach(name: string, run?: string): Promise<Cluster>;
  list(): Promise<readonly string[]>;
  /** Removes everything of that cluster, whatever state it is in. Idempotent. */
  remove(name: string): Promise<void>;
  /**
   * Takes away what a run made on a cluster that is not ours, from any process. Idempotent. Absent where every cluster is
   * the harness's own.
   */
  release?(name: string, run: string): Promise<void>;
}

/** Tells the user what long work is doing; one line replaces the other on a terminal. */
export type Progress = (line: string) => void;
