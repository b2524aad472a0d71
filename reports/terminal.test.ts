import { expect } from 'chai';

import { terminalVerdicts } from './terminal.ts';
import { syntheticRun } from './testdata/power-loss.ts';

const plain = { color: false, width: 100 };

describe('the summary on the terminal', () => {
  it('says outcome, promises, fault, report and replay', () => {
    expect(terminalVerdicts(syntheticRun({ rtoLimitMs: 20_000 }).report, plain)).to.equal(
      [
        '✓ HELD  node-power-loss  seed 7',
        '  every fault was felt and healed, and every promise was measured and held',
        '',
        '  ✓ held   rto(under=20s)               longest outage 16.6–17.1 s (limit 20.0 s)',
        '  ✓ held   rpo(lost=0)                  lost 0 (limit 0)',
        '  ✓ held   pdb-honoured                 voluntary removals below a budget 0 (limit 0)',
        '  ✓ held   topology-spread(within=30s)  steady skew of web by topology.kubernetes.io/zone 0 (limit',
        '                                        1), return of web by topology.kubernetes.io/zone 0 ms (limit',
        '                                        30.0 s)',
        '  ✓ fault  1-node-power-loss            on w4: felt +790 ms, healed +30.2 s, proved gone',
        '',
        '  report  runs/20261121-080000-node-power-loss-7/report.html',
        '  replay  shakedown run node-power-loss --seed 7',
        '',
      ].join('\n'),
    );
  });

  it('says of a violation what was measured against which limit, and the sentence once', () => {
    const lines = terminalVerdicts(syntheticRun().report, plain).split('\n');
    expect(lines[0]).to.equal('✗ VIOLATED  node-power-loss  seed 7');
    expect(lines[2]).to.equal('  ✗ violated  rto(under=15s)               longest outage 16.6–17.1 s, beyond 15.0 s');
    expect(lines.filter((line) => line.includes('violated rto(15s) - '))).to.have.length(1);
  });

  it('says that a fault was not felt', () => {
    const text = terminalVerdicts(syntheticRun({ felt: false }).report, plain);
    expect(text).to.contain('? UNKNOWN  node-power-loss');
    expect(text).to.contain('? fault    1-node-power-loss            on w4: NOT FELT: w4 was still Ready after 10 s,');
  });

  it('says what was left behind and what is not as before', () => {
    const report = {
      ...syntheticRun().report,
      left: ['w4 is off: shakedown heal'],
      fingerprint: { compared: ['w4'], differences: ['w4: nft: table x'] },
    };
    const text = terminalVerdicts(report, plain);
    expect(text).to.contain('  ! not as before: w4: nft: table x\n  ! left behind: w4 is off: shakedown heal\n');
  });

  it('says where a report lies that was written elsewhere', () => {
    const text = terminalVerdicts(syntheticRun().report, { ...plain, directory: '/tmp/x' });
    expect(text).to.contain('  report  /tmp/x/report.html');
  });

  for (const width of [48, 60, 72, 80, 200]) {
    it(`keeps within ${String(width)} columns`, () => {
      for (const felt of [true, false]) {
        const lines = terminalVerdicts(syntheticRun({ felt }).report, { color: false, width }).split('\n');
        const wide = lines.filter((line) => line.length > width && !/^ {2}(report|replay) /.test(line));
        expect(wide).to.deep.equal([]);
      }
    });
  }

  it('colours only when asked, with the same words', () => {
    const { report } = syntheticRun();
    const colored = terminalVerdicts(report, { ...plain, color: true });
    expect(colored).to.contain('\u001b[31m✗ violated');
    // eslint-disable-next-line no-control-regex -- the colours are what is taken away
    expect(colored.replace(/\u001b\[\d+m/g, '')).to.equal(terminalVerdicts(report, plain));
  });

  it('lets no control character of a cluster through', () => {
    const text = terminalVerdicts(
      { ...syntheticRun().report, because: 'a\u001b[2Jb', left: ['\u001b]0;x\u0007'] },
      plain,
    );
    expect(text).not.to.contain('\u001b');
  });
});
