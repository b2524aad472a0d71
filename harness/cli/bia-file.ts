import { servicesOf } from '../guarantees/bia/promises.ts';
import { biaSchema } from '../guarantees/bia/schema.ts';
import type { ServiceTarget } from '../model/service.ts';
import { checkValue, readDataFile } from './data-file.ts';

/**
 * The services of a business impact analysis in a YAML or JSON file.
 * @throws HarnessError `bad-input` naming the file, the field, what was expected and what was found
 */
export function readBiaFile(file: string): readonly ServiceTarget[] {
  const what = 'a business impact analysis';
  const hint = 'examples/bia.yaml and docs/guarantees/bia.md show all fields';
  return servicesOf(checkValue(file, readDataFile(file, what), biaSchema, what, hint));
}
