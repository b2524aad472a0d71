import { expect } from 'chai';

import { HarnessError } from '../harness/model/errors.ts';
import type { Json } from '../harness/model/json.ts';
import { workloads } from './index.ts';

describe('the options of workloads', () => {
  const wrong: readonly (readonly [string, Readonly<Record<string, Json>>, string])[] = [
    ['web', { replicas: 0 }, 'web.replicas: '],
    ['web', { replicas: '6' }, 'found "6"'],
    ['web', { replica: 6 }, 'replica'],
    ['web', { whenUnsatisfiable: 'Sometimes' }, 'web.whenUnsatisfiable: '],
    ['ledger', { data: { replicas: 2 } }, 'ledger.data.replicas: '],
    ['ledger', { data: { storage: 'floppy' } }, 'found "floppy"'],
    ['ledger', { periodMs: 1 }, 'ledger.periodMs: '],
  ];
  for (const [name, options, part] of wrong)
    it(`of ${name} are refused: ${JSON.stringify(options)}`, () => {
      const workload = workloads.find((one) => one.name === name)!;
      expect(() => workload.manifests('ns', options)).to.throw(HarnessError, part);
    });

  it('are all optional', () => {
    for (const workload of workloads) {
      const applied = workload.manifests('ns', {});
      // What has nothing to apply has somebody who makes it later.
      if (!('client' in workload)) expect(applied, workload.name).to.not.be.empty;
    }
  });
});
