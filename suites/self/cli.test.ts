import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { root } from '../../harness/util/paths.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { shakedown } from './command.ts';

describe('the command line', function () {
  this.timeout(30_000);
  let directory = '';
  let scenario: Scenario;
  const write = (name: string, value: object): string => {
    writeFileSync(join(directory, name), JSON.stringify(value));
    return name;
  };
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'shakedown-cli-'));
    const { stdout } = shakedown(directory, ['list', 'scenarios', '--json']);
    const listed = JSON.parse(stdout) as { readonly scenarios: readonly Scenario[] };
    scenario = listed.scenarios.find(({ name }) => name === 'etcd-leader-loss')!;
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  /** Every refusal: exit code 3, one sentence and a next step on standard error, nothing on standard output. */
  const refuses = (argv: readonly string[], sentence: string | RegExp): void => {
    const { code, stdout, stderr } = shakedown(directory, argv);
    const [first = ''] = stderr.split('\n');
    if (typeof sentence === 'string') expect(first.startsWith(`shakedown: ${sentence}`), first).to.equal(true);
    else
      expect(first)
        .to.match(/^shakedown: /)
        .and.to.match(sentence);
    expect([code, stdout]).to.deep.equal([3, '']);
    expect(stderr).not.to.match(/^\s+at /m);
    expect(readdirSync(directory)).not.to.include('runs');
  };

  it('suggests the scenario that was meant', () => {
    refuses(
      ['run', 'etcd-leader-los'],
      "There is no scenario named 'etcd-leader-los'; did you mean 'etcd-leader-loss'?",
    );
    refuses(['plan', 'xyzzy'], "There is no scenario named 'xyzzy'");
  });

  it('suggests the command and the option that were meant', () => {
    refuses(['lst'], "unknown command 'lst'; did you mean 'list'?");
    refuses(['run', 'etcd-leader-loss', '--sed', '1'], "unknown option '--sed'; did you mean '--seed'?");
    refuses(['run'], "missing required argument 'scenario'");
    refuses(['list', 'fault'], /'fault' is invalid for argument 'what'. Allowed choices are scenarios, faults/);
  });

  it('names the seed that is none', () => {
    refuses(
      ['run', 'etcd-leader-loss', '--seed', 'seven'],
      "--seed: expected a whole number from 0 to 4294967295, found 'seven'",
    );
    refuses(
      ['plan', 'etcd-leader-loss', '--seed=-1'],
      "--seed: expected a whole number from 0 to 4294967295, found '-1'",
    );
  });

  it('names file and field of a wrong scenario file', () => {
    refuses(['run', './nothing.yaml'], './nothing.yaml: expected a scenario file that can be read');
    const unknownField = write('unknown-field.json', { ...scenario, recoverWihtin: '1s' });
    refuses(['run', unknownField], "unknown-field.json, the whole file: found the unknown field 'recoverWihtin'");
  });

  it('suggests the fault that a scenario meant', () => {
    const [step] = scenario.faults;
    const file = write('fault.json', { ...scenario, faults: [{ ...step, fault: 'etcd-leader-lost' }] });
    refuses(['run', file], "There is no fault named 'etcd-leader-lost'; did you mean 'etcd-leader-loss'?");
  });

  it('names the field of a wrong duration, and what it may look like', () => {
    const [step] = scenario.faults;
    const file = write('hold.json', { ...scenario, faults: [{ ...step, hold: '10 sec' }] });
    refuses(['run', file], /faults\[0\]\.hold: expected a duration such as 250ms, 15s, 2m or 1h, found '10 sec'/);
    const within = write('within.json', { ...scenario, recoverWithin: '5' });
    refuses(['plan', within], /recoverWithin: expected a duration such as 250ms, 15s, 2m or 1h, found '5'/);
  });

  it('does not judge what is not a run', () => {
    refuses(['judge', 'nowhere'], /nowhere\/run\.json: expected the report of a run, found no such file/);
  });

  it('does not judge a history with a damaged line, and says which', () => {
    const run = join(directory, 'damaged');
    mkdirSync(run);
    const report = {
      schema: 1,
      scenario,
      phases: [],
      faults: [],
      fingerprint: { compared: [], differences: [] },
      left: [],
    };
    writeFileSync(join(run, 'run.json'), JSON.stringify(report));
    const gap = JSON.stringify({ kind: 'gap', probe: 'x', startMs: 0, endMs: 1, because: 'planted' });
    writeFileSync(join(run, 'history.ndjson'), `${gap}\n{"kind":"requ\n`);
    refuses(
      ['judge', 'damaged'],
      /history\.ndjson, line 2: expected a history event, found '\{"kind":"requ', which is not JSON/,
    );
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...report, schema: 99 }));
    refuses(['judge', 'damaged'], /run\.json, field schema: expected 1, found 99/);
  });

  it('has nothing to report, heal or halt where nothing was run', () => {
    refuses(['report'], /No run in .*runs has a report yet/);
    expect(shakedown(directory, ['heal']).stdout).to.match(/^Nothing to heal/);
    expect(shakedown(directory, ['halt']).stdout).to.match(/^No run is in progress/);
    expect(JSON.parse(shakedown(directory, ['list', '--runs', '--json']).stdout)).to.deep.equal([]);
  });

  it('shows the stack only when asked to', () => {
    const { stderr } = shakedown(directory, ['plan', 'xyzzy'], { SHAKEDOWN_DEBUG: '1' });
    expect(stderr).to.match(/^\s+at /m);
  });

  it('plans without a cluster: promises, steps, and that nothing was changed', () => {
    const { code, stdout } = shakedown(directory, ['plan', 'etcd-leader-loss', '--seed', '7']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^etcd-leader-loss, seed 7, on a cluster booted for the run. Nothing was changed./);
    expect(stdout).to.contain('1-etcd-leader-loss: 3s after the load is steady, held for 10s');
    expect(stdout).to.contain('Promised:');
  });

  it('has a help with examples for every command', () => {
    const { stdout } = shakedown(directory, []);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)\b/gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'help');
    expect(commands).to.include.members(['tour', 'run', 'heal', 'doctor', 'up', 'down', 'toolchain']);
    for (const name of commands) {
      const help = shakedown(directory, [name, '--help']);
      expect([name, help.code]).to.deep.equal([name, 0]);
      expect(help.stdout, name).to.contain('Examples:');
    }
  });

  it('works through a link, and says what to do in a clone without packages', () => {
    symlinkSync(join(root, 'bin/shakedown'), join(directory, 'linked'));
    const linked = spawnSync('./linked', ['--version'], { cwd: directory, encoding: 'utf8' });
    expect(linked.stdout).to.match(/^\d+\.\d+\.\d+\n$/);
    mkdirSync(join(directory, 'clone/bin'), { recursive: true });
    spawnSync('cp', [join(root, 'bin/shakedown'), join(directory, 'clone/bin/')]);
    const bare = spawnSync('clone/bin/shakedown', ['list'], { cwd: directory, encoding: 'utf8' });
    expect([bare.status, bare.stderr]).to.deep.equal([
      3,
      `shakedown: its packages are not installed yet.\nNext: (cd '${directory}/clone' && npm ci)\n`,
    ]);
  });
});
