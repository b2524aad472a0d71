import type { Cluster } from '../../harness/model/cluster.ts';
import type { Fault } from '../../harness/model/fault.ts';
import { watchedCluster, type CommandWatch } from '../crash-matrix/watched-cluster.ts';
import { skewOf, type Sign } from './skew.ts';
import { Witnesses } from './witnesses.ts';

/** The skew of one injection, in milliseconds. */
export interface Skew {
  /** By what the victims showed; null when one of them showed nothing that a witness knows. */
  readonly victimsMs: number | null;
  /** By the ends of the last commands that the injection gave to each target; null when it acts in another way. */
  readonly injectorMs: number | null;
}

/** Witnesses at work. */
export interface Watching extends AsyncDisposable {
  readonly signs: readonly Sign[];
}

type StartWatching = (cluster: Cluster, nodes: readonly string[], signal: AbortSignal) => Promise<Watching>;

/** The same fault, with witnesses on its targets from its plan to its heal. */
export class SkewProbe {
  readonly fault: Fault;
  #targets: readonly string[] = [];
  #witnesses: Watching | null = null;
  readonly #ends = new Map<string, Sign>();

  constructor(inner: Fault, start: StartWatching = (...given) => Witnesses.start(...given)) {
    this.fault = {
      ...inner,
      plan: async (context, params) => {
        const plan = await inner.plan(context, params);
        this.#targets = inner.targets(plan);
        const nodes = context.cluster.facts.nodes
          .map(({ name }) => name)
          .filter((node) => this.#targets.includes(node));
        this.#witnesses = await start(context.cluster, nodes, context.signal);
        return plan;
      },
      inject: (context, plan) => {
        const watch: CommandWatch = async (target, run) => {
          try {
            return await run();
          } finally {
            this.#ends.set(target, { target, atMs: performance.now() });
          }
        };
        return inner.inject({ ...context, cluster: watchedCluster(context.cluster, watch) }, plan);
      },
      heal: async (context, plan) => {
        await this.stop();
        await inner.heal(context, plan);
      },
    };
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    await this.#witnesses?.[Symbol.asyncDispose]();
  }

  get skew(): Skew {
    return {
      victimsMs: skewOf(this.#targets, this.#witnesses?.signs ?? []),
      injectorMs: skewOf(this.#targets, [...this.#ends.values()]),
    };
  }
}
