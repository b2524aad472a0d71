import { expect } from 'chai';

import { argumentsOf } from './arguments.ts';

const selection = (argv: readonly string[]): ((name: string) => boolean) => argumentsOf(argv).wants;

describe('the arguments of npm test', () => {
  it('takes the checks and the suites when nothing is said', () => {
    expect(selection([])('check')).to.equal(true);
    expect(selection([])('suites/chaos/etcd-leader-loss.ts')).to.equal(true);
  });

  it('leaves the game days to those who ask for them', () => {
    expect(selection([])('suites/game-day/pleg-stall.ts')).to.equal(false);
    expect(selection(['suites/game-day'])('suites/game-day/pleg-stall.ts')).to.equal(true);
  });

  it('takes a folder, a file, and the checks by name', () => {
    const wants = selection(['./suites/chaos/', 'check']);
    expect(wants('suites/chaos/etcd-leader-loss.ts')).to.equal(true);
    expect(wants('check')).to.equal(true);
    expect(wants('suites/chaos-more/x.ts')).to.equal(false);
    expect(wants('suites/sabotage/rto.ts')).to.equal(false);
  });

  it('asks for help', () => {
    expect(argumentsOf(['--help']).help).to.equal(true);
    expect(argumentsOf([]).help).to.equal(false);
  });

  it('refuses an option that it does not know', () => {
    expect(() => selection(['--onyl', 'x'])).to.throw("Unknown option '--onyl'");
  });
});
