import type { ClusterFacts } from './cluster.ts';
import type { GuaranteeSpec } from './guarantee.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import type { Scenario } from './scenario.ts';
import type { Outcome, Verdict } from './verdict.ts';

/** The version of RunReport that this harness writes. */
export const reportSchema = 1;

export interface JudgedGuarantee {
  readonly spec: GuaranteeSpec;
  readonly promise: string;
  readonly verdict: Verdict;
}

/** One fault as it was planned, proved and healed. */
export interface FaultRecord {
  readonly step: string;
  readonly fault: string;
  readonly targets: readonly string[];
  readonly plan: Json;
  /** The victim's evidence, or why there is none. */
  readonly active: { readonly proved: boolean; readonly evidence: string };
  readonly gone: { readonly proved: boolean; readonly evidence: string };
  /** Milliseconds since the run started; null for what did not happen. */
  readonly injectedMs: number | null;
  readonly feltMs: number | null;
  readonly healedMs: number | null;
  readonly goneMs: number | null;
}

/** Everything about one run but its history: runs/ID/run.json. */
export interface RunReport {
  readonly schema: typeof reportSchema;
  readonly id: string;
  readonly scenario: Scenario;
  readonly seed: number;
  /** The harness's version and commit, and the run's start as an RFC 3339 time. */
  readonly version: string;
  readonly commit: string;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Names that the user gave the run, to find and compare it by; absent where there are none. */
  readonly labels?: readonly string[];
  /** The command that runs the same scenario with the same seed again. */
  readonly replay: string;
  readonly outcome: Outcome;
  /** Why the outcome is what it is, in a sentence. */
  readonly because: string;
  readonly cluster: ClusterFacts | null;
  /** Live settings that explain the figures: grace periods, tolerations, election timeouts; read back, never assumed. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly source: string }[];
  readonly phases: readonly {
    readonly name: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly error?: string;
  }[];
  readonly faults: readonly FaultRecord[];
  readonly guarantees: readonly JudgedGuarantee[];
  /** Differences between the fingerprints before and after: must be empty. */
  readonly fingerprint: { readonly compared: readonly string[]; readonly differences: readonly string[] };
  /** Anything that could not be healed, with the command that will. */
  readonly left: readonly string[];
}

/** Writes what a run found. A failing reporter is reported and never changes the outcome. */
export interface Reporter {
  readonly name: string;
  /** @returns the paths of the files written */
  write(report: RunReport, history: History, directory: string): Promise<readonly string[]>;
}
