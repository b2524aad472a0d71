import { expect } from 'chai';

import type { RunResult } from '../../harness/run/run-scenario.ts';
import { settingMs } from './what-happened.ts';

/** What etcd's election timeout is taken to be. A follower waits for one to two of it before it wants to lead. */
export const electionMs = 1_000;
/** Until another one leads: an election, as long again where votes were split, and what a busy machine takes. */
export const electedWithinMs = 4 * electionMs + 8_000;

/** The live settings are what the limits were made of. */
export function expectElectionSettings(result: RunResult): void {
  expect(settingMs(result, 'etcd election-timeout', 'ms')).to.equal(electionMs);
  expect(settingMs(result, 'etcd heartbeat-interval', 'ms')).to.be.at.most(electionMs / 10);
}
