import type { ClusterFacts } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import type { Json } from '../../harness/model/json.ts';
import { foreseeMark } from '../../harness/run/foresee.ts';
import { watchedCluster, type CommandWatch } from './watched-cluster.ts';
import type { Crash, CrashStep } from './crash.ts';
import type { Death } from './shared-death.ts';

/** The same fault in a runner that dies at a given step of its life; the engine around it is the real one. */
export function crashing(fault: Fault, crash: Crash, death: Death): Fault {
  const at = async (step: CrashStep): Promise<void> => {
    if (crash.step === step) await death.stand();
  };
  return {
    name: fault.name,
    summary: fault.summary,
    needs: fault.needs,
    minimumHoldMs: fault.minimumHoldMs,
    params: (given: Json) => fault.params(given),
    obstacle: (facts: ClusterFacts, params: unknown) => fault.obstacle(facts, params),
    plan: async (context, params) => {
      const plan = await fault.plan(context, params);
      if (context.mark === foreseeMark) return plan;
      await at('before-journal');
      if (crash.step === 'after-journal' || crash.step === 'random') await death.turn();
      if (crash.step === 'random') setTimeout(death.now, crash.delayMs);
      return plan;
    },
    targets: (plan) => fault.targets(plan),
    impact: (plan, facts) => fault.impact(plan, facts),
    // The engine asks for the leashes once the journal is written.
    leashes: (plan, mark) => {
      if (crash.step === 'after-journal') death.now();
      return fault.leashes(plan, mark);
    },
    inject: async (context, plan) => {
      await at('after-arm');
      await commanding(context, crash, 'mid-inject', death, (within) => fault.inject(within, plan));
      await at('after-inject');
      if (crash.step === 'holding') setTimeout(() => void death.stand(), crash.delayMs);
    },
    proveActive: (context, plan) => fault.proveActive(context, plan),
    heal: async (context, plan) => {
      await commanding(context, crash, 'mid-heal', death, (within) => fault.heal(within, plan));
      await at('after-heal');
    },
    proveGone: async (context, plan) => {
      const evidence = await fault.proveGone(context, plan);
      await at('after-proof');
      return evidence;
    },
  };
}

/** Does it, and dies at the command that the crash names; with fewer commands than that, at the last boundary. */
async function commanding(
  context: FaultContext,
  { step, command, whileRunning, delayMs }: Crash,
  here: CrashStep,
  death: Death,
  act: (context: FaultContext) => Promise<void>,
): Promise<void> {
  if (step !== here) return act(context);
  let started = 0;
  let ended = 0;
  const watch: CommandWatch = async (_where, run) => {
    started += 1;
    const isTheOne = whileRunning && started === command;
    if (isTheOne) await death.turn();
    const running = run();
    // A moment later, so that the command really runs: it then outlives the runner.
    if (isTheOne) setTimeout(death.now, delayMs);
    try {
      return await running;
    } finally {
      ended += 1;
      if (!whileRunning && ended === command) await death.stand();
    }
  };
  await act({
    cluster: watchedCluster(context.cluster, watch),
    signal: context.signal,
    random: context.random,
    mark: context.mark,
    record: (event) => {
      context.record(event);
    },
    now: () => context.now(),
  });
  if (!whileRunning) return death.stand();
  await death.turn();
  death.now();
}
