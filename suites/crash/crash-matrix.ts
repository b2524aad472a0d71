import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../../harness/util/paths.ts';
import { localProvider } from '../../harness/cluster/local/index.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import { named } from '../../harness/run/index.ts';
import { runMatrix, sentenceOf } from '../../scripts/crash-matrix/matrix.ts';
import type { TrialResult } from '../../scripts/crash-matrix/run-trials.ts';
import { TrialQueue } from '../../scripts/crash-matrix/trial-queue.ts';
import { trialsOf, type Recovery, type Trial } from '../../scripts/crash-matrix/trials.ts';
import type { CrashStep } from '../../scripts/crash-matrix/crash.ts';

const seed = 1;
/** A few deaths of each kind; `npm run crash-matrix -- --trials 200` is the figure of record. */
const few: readonly (readonly [string, CrashStep, Recovery, node?: string])[] = [
  ['node-partition', 'before-journal', 'heal'],
  ['node-partition', 'after-journal', 'heal'],
  ['node-partition', 'mid-inject', 'heal'],
  ['node-partition', 'holding', 'leash'],
  // Wherever these two look from, neither acts there: they may die together.
  ['kubelet-freeze', 'after-inject', 'leash', 'w1'],
  ['pod-kill', 'after-inject', 'leash', 'w2'],
  ['kubelet-freeze', 'mid-heal', 'heal'],
];

function trial([fault, step, recovery, node]: (typeof few)[number], index: number): Trial {
  const [made] = trialsOf(named('fault', fault, catalogue.faults), 1, seed + index, [step]);
  const params = node === undefined ? made!.params : { node };
  return { ...made!, id: `${String(index + 1)}-${fault}-${step}`, params, recovery };
}

/** The runner is killed at several steps of two faults; the leash alone, or `heal`, brings everything back. */
describe('a killed runner', function () {
  this.timeout(900_000);
  const name = `crash-${randomBytes(2).toString('hex')}`;
  const directory = join(runsDirectory(), 'crash-matrix', name);
  const provider = localProvider();
  let results: readonly TrialResult[] = [];
  before('boots a cluster and kills the runners', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    const signal = AbortSignal.timeout(840_000);
    const config = join(root, 'kind-configs/small.yaml');
    const spec = { provider: 'local', config, etcd: 'own' } as const;
    const cluster: Cluster = await provider.create(name, spec, () => undefined, signal);
    const say = (line: string): void => void process.stderr.write(`      ${line}\n`);
    const record = (result: TrialResult): void => {
      say(sentenceOf(result));
    };
    const trials = new TrialQueue(few.map(trial));
    results = await runMatrix({ cluster, catalogue, trials, together: 2, directory, record, signal, say });
  });
  after('removes the cluster', () => provider.remove(name));

  for (const [index, [fault, step, recovery]] of few.entries())
    it(`leaves nothing of ${fault} when it dies at ${step}: ${recovery}`, () => {
      const result = results.find(({ trial: { id } }) => id.startsWith(`${String(index + 1)}-`));
      expect(result, `there is no such trial; evidence: ${directory}`).not.to.equal(undefined);
      expect(result?.notKilled, `was not killed; evidence: ${directory}`).to.equal(null);
      expect(result?.residue, `evidence: ${result?.evidence ?? directory}`).to.deep.equal([]);
      if (recovery === 'leash') expect(result?.recovery, `evidence: ${directory}`).to.equal('leash');
    });

  it('killed two with one kill', () => {
    expect(results.filter(({ company }) => company === 1).map(({ trial: { id } }) => id)).not.to.deep.equal([]);
  });

  it('had something to undo', () => {
    const seen = results.filter(({ broken }) => (broken?.length ?? 0) > 0).map(({ trial: { id } }) => id);
    expect(seen, `evidence: ${directory}`).to.include.members([
      '4-node-partition-holding',
      '5-kubelet-freeze-after-inject',
    ]);
  });
});
