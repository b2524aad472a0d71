import type { Scenario } from '../model/scenario.ts';

/**
 * What makes of a scenario one that promises what the business impact analysis in a file demands.
 * @throws HarnessError `bad-input` naming the file and the field
 */
export async function promisingOf(file: string): Promise<(scenario: Scenario) => Scenario> {
  const { readBiaFile } = await import('./bia-file.ts');
  const { withServices } = await import('../guarantees/bia/promises.ts');
  const services = readBiaFile(file);
  return (scenario) => withServices(scenario, services);
}
