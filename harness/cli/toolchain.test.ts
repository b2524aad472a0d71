import { expect } from 'chai';

import type { ProgramDescription } from '../toolchain/index.ts';
import { notesOf, rowsOf } from './toolchain.ts';

const there: ProgramDescription = {
  program: 'kubectl',
  wanted: '1.34.4',
  version: '1.34.4',
  source: 'Go module k8s.io/kubernetes@v1.34.4',
  path: '/cache/kubectl',
  state: 'present',
  rejected: ['/usr/bin/kubectl is version 1.32.4, wanted is 1.34.4'],
};
const gone: ProgramDescription = {
  program: 'haproxy',
  wanted: '>= 2.4',
  version: '',
  source: 'Debian package haproxy',
  path: null,
  state: 'missing',
  rejected: [],
};

describe('shakedown toolchain', () => {
  it('shows program, version, source and path; of what is missing the wanted version and where it would come from', () => {
    expect(rowsOf([there, gone])).to.deep.equal([
      ['PROGRAM', 'VERSION', 'SOURCE', 'PATH'],
      ['kubectl', '1.34.4', 'Go module k8s.io/kubernetes@v1.34.4', '/cache/kubectl'],
      ['haproxy', '>= 2.4', 'Debian package haproxy', 'missing'],
    ]);
  });

  it('says which programs were passed over and how to get what is missing', () => {
    expect(notesOf([there, gone])).to.deep.equal([
      '',
      'Not used: /usr/bin/kubectl is version 1.32.4, wanted is 1.34.4.',
      '1 of 2 are missing; shakedown toolchain --install',
    ]);
    expect(notesOf([{ ...there, rejected: [] }])).to.deep.equal([]);
  });
});
