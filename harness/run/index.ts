export type { Catalogue, RunObserver } from './catalogue.ts';
export { named } from './catalogue.ts';
export { haltRuns } from './halt.ts';
export { healRuns } from './heal.ts';
export { judgeRun } from './judge.ts';
export { listRuns } from './list-runs.ts';
export { planScenario, type ScenarioPlan } from './plan-scenario.ts';
export { runScenario, type RunOptions } from './run-scenario.ts';
