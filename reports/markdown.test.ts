import { expect } from 'chai';

import type { RunReport } from '../harness/model/report.ts';
import { formatMarkdown } from './markdown.ts';
import { syntheticRun } from './testdata/power-loss.ts';

describe('markdown', () => {
  it('opens with the outcome and the promises', () => {
    const lines = formatMarkdown(syntheticRun().report).split('\n');
    expect(lines[0]).to.equal('## ✗ violated: node-power-loss');
    expect(lines).to.include('| promise | verdict | measured |');
    expect(lines.filter((line) => line.includes('| ✗ violated |'))).to.have.length(1);
    expect(lines.filter((line) => line.includes('| ✓ held |'))).to.have.length(3);
  });

  it('says when the fault was felt, healed and gone, and how to replay', () => {
    const text = formatMarkdown(syntheticRun().report);
    expect(text).to.contain('| 1-node-power-loss | w4 | t+24.91 s | t+54.31 s | t+54.64 s |');
    expect(text).to.contain('```sh\nshakedown run node-power-loss --seed 7\n```');
  });

  it('shows a fault that was not felt', () => {
    const text = formatMarkdown(syntheticRun({ felt: false }).report);
    expect(text).to.contain('## ? unknown: node-power-loss');
    expect(text).to.contain('? not felt: w4 was still Ready after 10 s');
  });

  it('shows what was left behind', () => {
    const text = formatMarkdown({ ...syntheticRun().report, left: ['w4 is off: shakedown heal'] });
    expect(text).to.contain('- ! left: w4 is off: shakedown heal');
  });

  it('makes markup, mentions and table cells inert', () => {
    const because = 'a | b <script>alert(1)</script> @team [x](https://example.org) `c`';
    const [heading, , line] = formatMarkdown({ ...syntheticRun().report, because }).split('\n');
    expect(heading).to.equal('## ✗ violated: node-power-loss');
    expect(line).to.equal(
      'a \\| b &lt;script&gt;alert(1)&lt;/script&gt; @\u200Bteam \\[x\\](https:\u200B//example.org) \\`c\\`',
    );
  });

  it('stays below 60,000 bytes and says where the rest is', () => {
    const { report } = syntheticRun();
    const setting = { name: 'é'.repeat(300), value: '|'.repeat(300), source: 'x'.repeat(300) };
    const many: RunReport = { ...report, settings: Array.from({ length: 500 }, () => setting) };
    const text = formatMarkdown(many);
    expect(Buffer.byteLength(text)).to.be.below(60_000);
    expect(text).to.contain('1 section too long for this page: see report.html.');
    expect(text).to.contain('Phases of the run');

    const judged = Array.from({ length: 400 }, () => report.guarantees).flat();
    const longer = formatMarkdown({ ...report, guarantees: judged });
    expect(Buffer.byteLength(longer)).to.be.below(60_000);
    expect(longer).to.match(/The rest is too long for this page: see report\.html\.\n$/);
  });
});
