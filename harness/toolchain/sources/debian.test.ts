import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { DebianSource, type RunPackageManager } from './debian.ts';
import type { ObtainContext } from './source.ts';

const context: ObtainContext = {
  workspace: '/nowhere',
  cache: '/nowhere',
  progress: () => undefined,
  signal: new AbortController().signal,
};
const plain = 'apt-get install -y --no-install-recommends haproxy runit';

/** An apt that gives the prepared answers in turn, and notes what it was asked. */
class FakeApt {
  readonly asked: string[] = [];
  readonly #answers: (readonly [exitCode: number, output: string])[];

  constructor(...answers: readonly (readonly [exitCode: number, output: string])[]) {
    this.#answers = [...answers];
  }

  readonly run: RunPackageManager = (argv) => {
    this.asked.push(argv.join(' '));
    const [exitCode, output] = this.#answers.shift() ?? [99, 'not prepared'];
    return Promise.resolve({ exitCode, output });
  };
}

async function refusal(source: DebianSource): Promise<HarnessError> {
  const error = await source.obtain(['haproxy', 'runsv', 'sv'], context).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(HarnessError);
  return error as HarnessError;
}

describe('DebianSource', () => {
  it('installs each package once', async () => {
    const apt = new FakeApt([0, '']);
    await new DebianSource(true, apt.run).obtain(['sv', 'runsv', 'haproxy'], context);
    expect(apt.asked).to.deep.equal([
      'apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 haproxy runit',
    ]);
  });

  it('fetches the lists once when a package is not known', async () => {
    const apt = new FakeApt([100, 'E: Unable to locate package runit'], [0, ''], [0, '']);
    await new DebianSource(true, apt.run).obtain(['runsv'], context);
    expect(apt.asked.map((command) => command.split(' ')[1])).to.deep.equal(['install', 'update', 'install']);
  });

  it('names the package that is not known even with fresh lists', async () => {
    const unknown = [100, 'E: Unable to locate package runit'] as const;
    const error = await refusal(new DebianSource(true, new FakeApt(unknown, [0, ''], unknown).run));
    expect(error.message).to.equal('apt-get cannot find the packages haproxy, runit');
  });

  it('tells who is not root the exact command, and runs nothing', async () => {
    const apt = new FakeApt();
    const error = await refusal(new DebianSource(false, apt.run));
    expect(error.code).to.equal('not-here');
    expect(error.message).to.equal('Only root can install what is missing: haproxy (>= 2.4), runsv (any), sv (any)');
    expect(error.hint).to.equal(`sudo ${plain}`);
    expect(apt.asked).to.deep.equal([]);
  });

  it('tells what to install where there is no apt-get', async () => {
    const none: RunPackageManager = () =>
      Promise.reject(new HarnessError('not-here', "The program 'apt-get' is not installed"));
    const error = await refusal(new DebianSource(true, none));
    expect(error.code).to.equal('not-here');
    expect(error.message).to.include('there is no apt-get here');
    expect(error.hint).to.include(plain);
  });

  for (const [output, sentence] of [
    [
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12',
      /^Another package manager is at work/,
    ],
    ['E: Failed to fetch http://deb.example/x  Could not connect', /could not be fetched, check the network/],
    [
      "E: You don't have enough free space in /var/cache/apt/archives/. not enough free space",
      /^There is no room on the disk/,
    ],
    ['E: Sub-process /usr/bin/dpkg returned an error code (1)', /^apt-get could not install .* \(exit code 100\)/],
  ] as const) {
    it(`explains: ${output.slice(0, 50)}`, async () => {
      const error = await refusal(new DebianSource(true, new FakeApt([100, output]).run));
      expect(error.message).to.match(sentence);
      expect(error.message).to.include(output);
      expect(error.hint).to.equal(plain);
    });
  }
});
