import { EventEmitter } from 'node:events';

import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { stopOnSignals } from './stop-on-signals.ts';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

describe('stopOnSignals', () => {
  it('stops the work at the first signal and leaves at the second, naming the command that heals', () => {
    const host = new FakeProcess();
    const said: string[] = [];
    let nowMs = 0;
    using stop = stopOnSignals(
      (line) => said.push(line),
      host,
      () => nowMs,
    );
    expect(stop.signal.aborted).to.equal(false);

    host.emit('SIGINT');
    expect(stop.signal.reason).to.be.instanceOf(HarnessError).with.property('code', 'interrupted');
    expect(host.exits).to.deep.equal([]);
    expect(said[0]).to.match(/^Stopping: healing/);

    nowMs = 200;
    host.emit('SIGINT');
    expect(host.exits, 'the same Ctrl-C, passed on by npm').to.deep.equal([]);

    nowMs = 1_500;
    host.emit('SIGTERM');
    expect(host.exits).to.deep.equal([3]);
    expect(said[1]).to.contain('shakedown heal');
  });

  it('listens no more once it is disposed', () => {
    const host = new FakeProcess();
    stopOnSignals(() => undefined, host)[Symbol.dispose]();
    expect(host.listenerCount('SIGINT') + host.listenerCount('SIGTERM') + host.listenerCount('SIGHUP')).to.equal(0);
  });
});
