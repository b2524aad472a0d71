import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { Journal, readJournal } from './journal.ts';

describe('journal', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'journal-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const planned = (step: string) => ({ type: 'planned', step, fault: 'f', mark: 'm', params: {}, plan: {} }) as const;
  const write = (...entries: Parameters<Journal['append']>[0][]): void => {
    const journal = new Journal(directory);
    for (const entry of entries) journal.append(entry);
    journal.close();
  };

  it('says which faults are not healed, newest first', () => {
    write(planned('1-a'), planned('2-b'), planned('3-c'), { type: 'healed', step: '2-b' });
    expect(readJournal(directory).faults.map(({ step }) => step)).to.deep.equal(['3-c', '1-a']);
  });

  it('names the cluster until it is removed', () => {
    write({ type: 'cluster', provider: 'local', name: 'c', owned: true, keep: false });
    expect(readJournal(directory).cluster?.name).to.equal('c');
    write({ type: 'cluster-removed', name: 'c' });
    expect(readJournal(directory).cluster).to.equal(null);
  });

  it('ignores a last line that a power cut tore', () => {
    write(planned('1-a'));
    appendFileSync(join(directory, 'journal.ndjson'), '{"type":"healed","st');
    expect(readJournal(directory).faults.map(({ step }) => step)).to.deep.equal(['1-a']);
  });

  it('names the file and the line of any other damage', () => {
    writeFileSync(join(directory, 'journal.ndjson'), 'rubbish\n{"type":"healed","step":"1-a"}\n');
    expect(() => readJournal(directory)).to.throw(
      HarnessError,
      /journal\.ndjson, line 1: expected a JSON object, found 'rubbish'/,
    );
  });

  it('is empty where there is no file', () => {
    expect(readJournal(directory)).to.deep.equal({ cluster: null, faults: [], ended: false });
  });
});
