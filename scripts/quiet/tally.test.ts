import { expect } from 'chai';

import type { RunReport } from '../../harness/model/report.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { falseAlarm, tableOf, tallyOf } from './tally.ts';

const held: Verdict = { status: 'held', measured: 'no outage', figures: [] };
const unknown: Verdict = { status: 'unknown', because: 'the load was too low' };
const violated: Verdict = { ...held, status: 'violated', because: 'violated rto(5s)', evidence: [] };
const run = (id: string, verdict: Verdict): Pick<RunReport, 'id' | 'guarantees'> => ({
  id,
  guarantees: [{ spec: { guarantee: 'rto', params: {} }, promise: 'it answers', verdict }],
});

describe('the tally of quiet runs', () => {
  it('counts what each judge said, with the reasons', () => {
    const tally = tallyOf([run('a', held), run('b', unknown), run('c', held)]);
    expect(tally).to.deep.equal([
      {
        promise: 'it answers',
        counts: { held: 2, violated: 0, unknown: 1 },
        reasons: ['unknown, b: the load was too low'],
      },
    ]);
    expect(falseAlarm(tally)).to.equal(false);
    expect(tableOf(tally)).to.match(/it answers \| +0 \| +1 \| +2 \|/);
  });

  it('knows a false alarm', () => {
    expect(falseAlarm(tallyOf([run('a', held), run('b', violated)]))).to.equal(true);
  });
});
