import { expect } from 'chai';

import { FakeShell } from '../testing/fake-shell.ts';
import { askRuntime, containersOf, identityOf, survivors, tellSurvivors } from './runtime.ts';

const signal = AbortSignal.timeout(5_000);

describe('the container runtime of a node', () => {
  it('answers, is silent, or refuses', async () => {
    const codes = [0, 124, 1].map((exitCode) => new FakeShell('w1', () => ({ exitCode })));
    const seen = await Promise.all(codes.map((shell) => askRuntime(shell, signal)));
    expect(seen).to.deep.equal(['answers', 'silent', 'refused']);
  });

  it('has containers that are told apart by pid and start time', async () => {
    const now = await containersOf(new FakeShell('w1', () => '264 S 445291\n299 T 445316\n432 S 9\n'), signal);
    expect(now.map(identityOf)).to.deep.equal(['264@445291', '299@445316', '432@9']);
    const planned = ['264@445291', '299@445316', '432@8'];
    expect(survivors(planned, now).map(({ pid }) => pid)).to.deep.equal([264]);
    expect(tellSurvivors(planned, now)).to.equal('1 of 3 containers go on');
  });
});
