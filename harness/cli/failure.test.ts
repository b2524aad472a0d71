import { expect } from 'chai';
import { CommanderError } from 'commander';

import { HarnessError } from '../model/errors.ts';
import { failureOf } from './failure.ts';

describe('failureOf', () => {
  it('prints an error of the harness as its sentence and the next command, without a stack', () => {
    const error = new HarnessError('not-here', 'This needs root', { hint: 'sudo -E npm start' });
    expect(failureOf(error, false)).to.deep.equal({
      text: 'shakedown: This needs root\nNext: sudo -E npm start\n',
      exitCode: 3,
    });
  });

  it('adds the stack and those of its causes when it was asked for', () => {
    const error = new HarnessError('toolchain', 'etcd cannot be built', { cause: new Error('no Go') });
    const { text } = failureOf(error, true);
    expect(text).to.match(/^shakedown: etcd cannot be built: no Go\n/);
    expect(text).to.contain('Caused by: Error: no Go').and.to.contain('failure.test.ts');
  });

  it('owns up to what it did not expect, and says how to learn more', () => {
    expect(failureOf(new TypeError('x is not a function'), false)).to.deep.equal({
      text:
        'shakedown: x is not a function (this is a fault of the harness itself)\n' +
        'Next: the same command with SHAKEDOWN_DEBUG=1, and report it\n',
      exitCode: 3,
    });
  });

  it('puts a wrong command line into the same shape', () => {
    const error = new CommanderError(
      1,
      'commander.unknownOption',
      "error: unknown option '--sed'\n(Did you mean --seed?)",
    );
    expect(failureOf(error, false)).to.deep.equal({
      text: "shakedown: unknown option '--sed'; did you mean '--seed'?\nNext: shakedown --help\n",
      exitCode: 3,
    });
  });

  it('says nothing after --help', () => {
    expect(failureOf(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), false)).to.deep.equal({
      text: '',
      exitCode: 0,
    });
  });
});
