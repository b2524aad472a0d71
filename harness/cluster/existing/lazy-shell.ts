import type { Shell } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import type { AgentShell } from './agent-shell.ts';

/** A shell that is made when the first command is run. */
export function lazyShell(name: string, make: () => Promise<AgentShell>): Shell {
  let made: AgentShell | undefined;
  return {
    name,
    exec: async (argv, options) => {
      options?.signal?.throwIfAborted();
      made = await make();
      return await made.exec(argv, options);
    },
    spawn: (argv, options) => {
      if (made !== undefined) return made.spawn(argv, options);
      throw new HarnessError('bug', `A program was started on ${name} before any command made its shell`);
    },
  };
}
