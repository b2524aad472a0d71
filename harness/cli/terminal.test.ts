import { expect } from 'chai';

import { Terminal, wantsColor } from './terminal.ts';

class FakeStream {
  text = '';
  readonly columns = 40;
  write(text: string): void {
    this.text += text;
  }
}

function follow(live: boolean): {
  readonly stream: FakeStream;
  readonly terminal: Terminal;
  readonly tick: (ms: number) => void;
} {
  const stream = new FakeStream();
  let nowMs = 0;
  return {
    stream,
    terminal: new Terminal(stream, { live, color: false, now: () => nowMs }),
    tick: (ms) => {
      nowMs += ms;
    },
  };
}

describe('Terminal', () => {
  it('writes a dated line for each step when nobody watches', () => {
    const { stream, terminal } = follow(false);
    terminal.phase('acquire', 'booting 9 nodes');
    terminal.note('cluster tour is up');
    terminal[Symbol.dispose]();
    const lines = stream.text.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(9))).to.deep.equal(['acquire: booting 9 nodes', 'cluster tour is up']);
    expect(lines[0]).to.match(/^\d\d:\d\d:\d\d /);
    expect(stream.text).not.to.contain('\x1b');
  });

  it('does not flood a log with progress: a line every five seconds', () => {
    const { stream, terminal, tick } = follow(false);
    terminal.phase('hold', '');
    for (let second = 0; second < 11; second += 1) {
      terminal.progress(`${String(second)} of 11 s`);
      tick(1_000);
    }
    terminal[Symbol.dispose]();
    const said = stream.text.match(/\d+ of 11 s/g);
    expect(said).to.deep.equal(['0 of 11 s', '5 of 11 s', '10 of 11 s']);
  });

  it('replaces one line on a terminal, cut to its width, and keeps finished phases with the time they took', () => {
    const { stream, terminal, tick } = follow(true);
    terminal.phase('acquire', 'booting');
    tick(2_500);
    terminal.progress('a very long line that would not fit into forty columns');
    terminal.phase('deploy', 'web');
    terminal[Symbol.dispose]();
    const drawn = stream.text.split('\r\x1b[K');
    expect(drawn).to.include('     0:02  acquire · a very long line t');
    expect(drawn).to.include('   2.50 s  acquire    booting\n');
    expect(Math.max(...drawn.map((line) => line.trimEnd().length))).to.be.at.most(39);
    expect(stream.text.endsWith('\r\x1b[K')).to.equal(true);
  });
});

describe('wantsColor', () => {
  it('colors a terminal, unless NO_COLOR is set or the terminal is dumb', () => {
    expect(wantsColor(true, {})).to.equal(true);
    expect(wantsColor(true, { NO_COLOR: '1' })).to.equal(false);
    expect(wantsColor(true, { TERM: 'dumb' })).to.equal(false);
    expect(wantsColor(false, {})).to.equal(false);
  });
});
