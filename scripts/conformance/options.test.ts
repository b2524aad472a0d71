import { expect } from 'chai';

import { optionsOf } from './options.ts';

describe('conformance: options', () => {
  it('has defaults for all', () => {
    const { config, ...rest } = optionsOf([]);
    expect(config).to.match(/kind-configs\/small\.yaml$/);
    expect(rest).to.deep.equal({ help: false, focus: null, procs: 6, serial: false, limitMinutes: 120, keep: false });
  });

  it('takes what is given', () => {
    expect(optionsOf(['--focus', 'Pods', '--procs', '2', '--serial', '--keep', '--limit', '5'])).to.include({
      focus: 'Pods',
      procs: 2,
      serial: true,
      keep: true,
      limitMinutes: 5,
    });
  });

  it('refuses what it cannot do, naming the option', () => {
    expect(() => optionsOf(['--procs', '1'])).to.throw('--procs: expected at least 2');
    expect(() => optionsOf(['--procs', 'many'])).to.throw('--procs: expected a whole number');
    expect(() => optionsOf(['--limit', '0'])).to.throw('--limit');
    expect(() => optionsOf(['--fokus', 'x'])).to.throw('--fokus');
  });
});
