import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { expect } from 'chai';

import { privateFolder } from './private-folder.ts';

describe('privateFolder', () => {
  it("is for this user alone, and takes away a dead process's, not a living one's", () => {
    const parent = mkdtempSync(join(tmpdir(), 'private-'));
    const dead = String(spawnSync('true').pid);
    const living = `shakedown-existing-${String(process.ppid)}-a`;
    for (const name of [`shakedown-existing-${dead}-a`, living, 'other']) mkdirSync(join(parent, name));
    const folder = privateFolder(parent);
    expect(readdirSync(parent)).to.have.members([living, 'other', basename(folder)]);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    rmSync(parent, { recursive: true });
  });
});
