import type { ClusterFacts } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import type { Json } from '../../harness/model/json.ts';
import { countingCluster } from './counting-cluster.ts';
import type { Crash, CrashStep } from './crash.ts';

/** The same fault in a runner that dies at a given step of its life; the engine around it is the real one. */
export function crashing(fault: Fault, crash: Crash, die: () => void): Fault {
  const at = (step: CrashStep): void => {
    if (crash.step === step) die();
  };
  const later = (step: CrashStep): void => {
    if (crash.step === step) setTimeout(die, crash.delayMs);
  };
  return {
    name: fault.name,
    summary: fault.summary,
    needs: fault.needs,
    minimumHoldMs: fault.minimumHoldMs,
    params: (given: Json) => fault.params(given),
    obstacle: (facts: ClusterFacts, params: unknown) => fault.obstacle(facts, params),
    plan: (context, params) => fault.plan(context, params),
    targets: (plan) => fault.targets(plan),
    // The engine asks for the impact before it writes the journal, and for the leashes after.
    impact: (plan, facts) => {
      at('before-journal');
      later('random');
      return fault.impact(plan, facts);
    },
    leashes: (plan, mark) => {
      at('after-journal');
      return fault.leashes(plan, mark);
    },
    inject: async (context, plan) => {
      at('after-arm');
      await fault.inject(dyingAtCommand(context, crash, 'mid-inject', die), plan);
      // An injection of fewer commands than that ends at its last boundary.
      at('mid-inject');
      at('after-inject');
      later('holding');
    },
    proveActive: (context, plan) => fault.proveActive(context, plan),
    heal: async (context, plan) => {
      await fault.heal(dyingAtCommand(context, crash, 'mid-heal', die), plan);
      at('mid-heal');
      at('after-heal');
    },
    proveGone: async (context, plan) => {
      const evidence = await fault.proveGone(context, plan);
      at('after-proof');
      return evidence;
    },
  };
}

function dyingAtCommand(context: FaultContext, crash: Crash, step: CrashStep, die: () => void): FaultContext {
  if (crash.step !== step) return context;
  let started = 0;
  let ended = 0;
  const cluster = countingCluster(context.cluster, {
    started: () => {
      started += 1;
      // A moment later, so that the command really runs: it then outlives the runner.
      if (crash.whileRunning && started === crash.command) setTimeout(die, crash.delayMs);
    },
    ended: () => {
      ended += 1;
      if (!crash.whileRunning && ended === crash.command) die();
    },
  });
  return {
    cluster,
    signal: context.signal,
    random: context.random,
    mark: context.mark,
    record: (event) => {
      context.record(event);
    },
    now: () => context.now(),
  };
}
