import type { Capability, Cluster, ClusterFacts } from './cluster.ts';
import type { HistoryEvent } from './history.ts';
import type { Json } from './json.ts';

/** Random choices that come from the run's seed alone. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of the items. @throws RangeError when there are none */
  pick<T>(items: readonly T[]): T;
  /** `count` different items, in random order. */
  sample<T>(items: readonly T[], count: number): T[];
  /** An independent stream for that purpose: the same name gives the same stream. */
  fork(name: string): Random;
}

/** What a fault is given to work with. */
export interface FaultContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly random: Random;
  /** Names this injection in marks on the nodes (nft tables, files): short, unique on the cluster, [a-z0-9_]. */
  readonly mark: string;
  record(event: HistoryEvent): void;
  /** Milliseconds since the run started, for events. */
  now(): number;
}

/** What undoes one part of a fault without the harness: run by the leash when it is no longer renewed. */
export interface Leash {
  /** The node that holds the leash, or `host` for what only the machine under the nodes can undo. */
  readonly on: { readonly node: string } | 'host';
  /** A POSIX shell script, idempotent, that undoes the fault there. */
  readonly undo: string;
}

/**
 * One way to break a cluster. The runner journals the plan, arms the leashes, injects, demands the proof, heals,
 * and demands the proof of absence. The methods are in method syntax so that a catalogue can hold them all.
 */
export interface Fault<Params = unknown, Plan extends Json = Json> {
  /** kebab-case; the name of the file. */
  readonly name: string;
  /** One sentence for listings and the report. */
  readonly summary: string;
  readonly needs: readonly Capability[];
  /** The shortest time for which it makes sense to hold it, in milliseconds. */
  readonly minimumHoldMs: number;
  /** The least harmful valid choice, for the suites that go over the whole catalogue; `{}` when not given. */
  readonly example?: { readonly [key: string]: Json };
  /** Completes and checks what the scenario gave. @throws HarnessError `bad-input` naming the field */
  params(given: Json): Params;
  /** Why it cannot run here, as a sentence, or null. */
  obstacle(facts: ClusterFacts, params: Params): string | null;
  /** Chooses the targets from the seed; changes nothing. @throws HarnessError `refused` when it would be too much */
  plan(context: FaultContext, params: Params): Promise<Plan>;
  /** The nodes and objects that the plan touches, for the fingerprint, the report and the conflict check. */
  targets(plan: Plan): readonly string[];
  /** What is expected to be felt, for `shakedown plan`: a sentence or two with numbers. */
  impact(plan: Plan, facts: ClusterFacts): string;
  /**
   * What undoes it without the harness. None for a fault that acts through the API alone: no node could undo it without
   * the rights of the harness, so that the machine of the harness holds a leash that runs `shakedown heal`.
   */
  leashes(plan: Plan, mark: string): readonly Leash[];
  inject(context: FaultContext, plan: Plan): Promise<void>;
  /** Evidence from the victim's side, by something other than the injector, as a sentence. @throws HarnessError `fault-not-active` */
  proveActive(context: FaultContext, plan: Plan): Promise<string>;
  /** Undoes it. Idempotent; works after half an injection and from a fresh process. */
  heal(context: FaultContext, plan: Plan): Promise<void>;
  /** Evidence that nothing of it is left. @throws HarnessError `fault-not-gone` */
  proveGone(context: FaultContext, plan: Plan): Promise<string>;
}
