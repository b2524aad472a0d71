import { faults } from '../../faults/index.ts';
import { reporters } from '../../reports/index.ts';
import { workloads } from '../../workloads/index.ts';
import { existingProvider } from '../cluster/existing/index.ts';
import { localProvider } from '../cluster/local/index.ts';
import { guarantees } from '../guarantees/index.ts';
import type { Catalogue } from '../run/index.ts';

/** Everything that this program knows: the one place where the engine and what it runs meet. */
export const catalogue: Catalogue = {
  faults,
  guarantees,
  workloads,
  reporters,
  providers: [localProvider(), existingProvider()],
};
