import { expect } from 'chai';

import { exec } from './exec.ts';
import { quoted } from './shell-words.ts';

describe('quoted', () => {
  it('survives a shell', async () => {
    for (const word of ['plain', 'a b', "it's", '$HOME', '`id`', '', 'a"b', 'x\ny'])
      expect((await exec(['sh', '-c', `printf %s ${quoted(word)}`])).stdout).to.equal(word);
  });
});
