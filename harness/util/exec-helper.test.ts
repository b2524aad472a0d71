import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Ran } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import { eventually, notYet, yes } from './eventually.ts';
import { execHere, type HostExecOptions } from './exec-here.ts';
import { ExecHelper } from './exec-helper.ts';

type Exec = (argv: readonly string[], options?: HostExecOptions) => Promise<Ran>;

async function readyOne(): Promise<ExecHelper> {
  const helper = new ExecHelper();
  await eventually('the helper', { withinMs: 20_000, everyMs: 10 }, () =>
    helper.state === 'ready' ? yes(null) : notYet(helper.state),
  );
  return helper;
}

const thrownBy = async (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    () => expect.fail('nothing was thrown'),
    (error: unknown) => error,
  );

const isRunning = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

for (const by of ['this process', 'a helper'] as const) {
  describe(`a command that ${by} starts`, () => {
    let exec: Exec;
    before(async () => {
      const helper = by === 'a helper' ? await readyOne() : null;
      exec = helper === null ? execHere : (argv, options = {}) => helper.exec(argv, options);
    });

    it('gets its input, its folder and its variables, and tells what it said and how it ended', async () => {
      const script = 'cat; pwd; echo "$SAID"; echo trouble >&2; exit 3';
      const options = { input: 'in\n', cwd: tmpdir(), env: { SAID: 'so' }, allowFailure: true };
      expect(await exec(['sh', '-c', script], options)).to.deep.equal({
        stdout: `in\n${tmpdir()}\nso`,
        stderr: 'trouble',
        exitCode: 3,
      });
    });

    it('runs beside others', async () => {
      const answers = await Promise.all(['0.2', '0.1', '0'].map((s) => exec(['sh', '-c', `sleep ${s}; echo ${s}`])));
      expect(answers.map(({ stdout }) => stdout)).to.deep.equal(['0.2', '0.1', '0']);
    });

    it('and fails, is missing or takes too long, is an error that says so', async () => {
      const errors = await Promise.all(
        [
          exec(['sh', '-c', 'echo no >&2; exit 4']),
          exec(['no-such-program']),
          exec(['sleep', '60'], { timeoutMs: 50 }),
        ].map(thrownBy),
      );
      for (const error of errors) expect(error).to.be.instanceOf(HarnessError);
      expect(errors.map((error) => (error as HarnessError).code)).to.deep.equal([
        'command-failed',
        'not-here',
        'timed-out',
      ]);
      expect((errors[0] as Error).message).to.equal('Exit code 4 of: sh -c echo no >&2; exit 4; it said: no');
      expect((errors[1] as HarnessError).hint).to.equal('shakedown doctor');
    });

    it('ends when it is no longer wanted, for the reason that was given', async () => {
      const stop = new AbortController();
      const reason = new Error('enough');
      const waiting = thrownBy(exec(['sleep', '60'], { signal: stop.signal }));
      stop.abort(reason);
      expect(await waiting).to.equal(reason);
      expect(await thrownBy(exec(['true'], { signal: stop.signal }))).to.equal(reason);
    });
  });
}

describe('a helper that starts commands', () => {
  it('and dies, fails what it ran', async () => {
    const helper = await readyOne();
    const waiting = thrownBy(helper.exec(['sleep', '1'], {}));
    process.kill(helper.pid!, 'SIGKILL');
    expect(await waiting)
      .to.be.instanceOf(HarnessError)
      .with.property('message', 'The process that ran the command has ended');
    expect(await thrownBy(helper.exec(['true'], {}))).to.have.property('code', 'command-failed');
  });

  it('and never comes up, has failed', async () => {
    const helper = new ExecHelper('/dev/null');
    await eventually('its end', { withinMs: 20_000, everyMs: 10 }, () =>
      helper.state === 'starting' ? notYet('starting') : yes(null),
    );
    expect(helper.state).to.equal('failed');
  });

  /** A process whose helper runs a command; its pid, the helper's and the command's. */
  async function parent(atEnd: string): Promise<{ readonly end: () => void; readonly pids: readonly number[] }> {
    const script = `
      const { ExecHelper } = await import(${JSON.stringify(join(import.meta.dirname, 'exec-helper.ts'))});
      const helper = new ExecHelper();
      while (helper.state !== 'ready') await new Promise((resolve) => setTimeout(resolve, 10));
      helper.exec(['sleep', '61'], {}).catch(() => undefined);
      const { stdout } = await helper.exec(['pgrep', '-P', String(helper.pid), '-x', 'sleep'], {});
      console.log(helper.pid + ' ' + stdout);
      process.stdin.once('data', () => ${atEnd});
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { end: () => child.stdin.write('end\n'), pids: String(line).trim().split(' ').map(Number) };
  }

  const gone = async (pid: number): Promise<void> =>
    eventually('it to end', { withinMs: 5_000, everyMs: 20 }, () =>
      isRunning(pid) ? notYet(`${String(pid)} runs`) : yes(undefined),
    );

  it('ends after a killed parent, whose commands go on', async () => {
    const { end, pids } = await parent("process.kill(process.pid, 'SIGKILL')");
    const [helper = 0, command = 0] = pids;
    expect([helper, command].map(isRunning)).to.deep.equal([true, true]);
    end();
    await gone(helper);
    expect(isRunning(command), 'the command').to.equal(true);
    process.kill(command);
  });

  it('ends with a parent that ends in order, and so do its commands', async () => {
    const { end, pids } = await parent('process.exit()');
    end();
    for (const pid of pids) await gone(pid);
  });
});
