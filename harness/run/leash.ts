import { basename, dirname, join } from 'node:path';
import { setInterval } from 'node:timers';

import { leashFolder, leashName } from '../cluster/leashes.ts';
import type { Cluster, Shell } from '../model/cluster.ts';
import type { Fault, Leash } from '../model/fault.ts';
import type { Json } from '../model/json.ts';
import { root } from '../util/paths.ts';
import { quoted } from '../util/shell-words.ts';

export interface LeashOptions {
  /** Where a leash keeps its files on its machine. */
  readonly folder: string;
  /** It undoes its fault this many seconds after the last renewal, and looks once a second. */
  readonly seconds: number;
  readonly renewEveryMs: number;
}

/** Together at most 15 s from the last sign of life to the undo. */
export const leashDefaults: LeashOptions = { folder: leashFolder, seconds: 10, renewEveryMs: 3_000 };

/**
 * The dead man's switch on a node: it counts in /proc/uptime, which no clock step moves and which goes on while
 * the machine sleeps.
 */
const watchdog = (seconds: number): string => `
cd "$1" || exit 1
while [ -e lease ]; do
  read -r now _ < /proc/uptime
  read -r last < lease
  if [ $(( \${now%.*} - \${last:-0} )) -ge ${String(seconds)} ]; then
    echo "\${now%.*}" > fired
    sh ./undo > undo.log 2>&1
    exit 0
  fi
  sleep 1
done
`;

const arm = `
set -e
mkdir -p "$1"
cd "$1"
rm -f fired
cat > undo
cut -d. -f1 /proc/uptime > lease
printf '%s' "$2" > watchdog
setsid sh ./watchdog "$1" < /dev/null > /dev/null 2>&1 &
`;

const renew = 'cd "$1" && cut -d. -f1 /proc/uptime > lease.new && mv lease.new lease';

/** Says whether the leash fired, and removes every trace of it; the watchdog ends by itself when its lease is gone. */
const disarm =
  '[ -e "$1/fired" ] && echo fired; rm -rf "$1"; rmdir -p --ignore-fail-on-non-empty "${1%/*}" 2>/dev/null; true';

/**
 * The leashes of an injection. No node could undo what was done through the API without the rights of the harness:
 * for such a fault the machine of the harness holds the leash, and undoes it from the journal of the run.
 * @param directory of the run
 */
export function leashesOf(fault: Fault, plan: Json, mark: string, directory: string): readonly Leash[] {
  const own = fault.leashes(plan, mark);
  const heal = [join(root, 'bin/shakedown'), 'heal', basename(directory)].map(quoted).join(' ');
  return own.length > 0 ? own : [{ on: 'host', undo: `SHAKEDOWN_RUNS=${quoted(dirname(directory))} exec ${heal}` }];
}

/** The leashes of one injection: armed before it, renewed while the harness lives, disarmed after the proof of absence. */
export class Leashes {
  readonly #held: readonly {
    readonly shell: Shell;
    readonly directory: string;
    readonly where: string;
    readonly undo: string;
  }[];
  readonly #options: LeashOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(cluster: Cluster, mark: string, leashes: readonly Leash[], options: LeashOptions = leashDefaults) {
    this.#options = options;
    this.#held = leashes.map(({ on, undo }, index) => ({
      shell: on === 'host' ? cluster.host : cluster.node(on.node),
      where: on === 'host' ? 'the host' : on.node,
      directory: `${options.folder}/${leashName(cluster.facts.name, mark, index)}`,
      undo,
    }));
  }

  async arm(signal: AbortSignal): Promise<void> {
    const { seconds, renewEveryMs } = this.#options;
    for (const { shell, directory, undo } of this.#held) {
      await shell.exec(['sh', '-c', arm, 'arm', directory, watchdog(seconds)], {
        input: undo,
        signal,
        timeoutMs: 10_000,
      });
    }
    this.#timer = setInterval(() => void this.#renew(), renewEveryMs);
  }

  async #renew(): Promise<void> {
    const renewals = this.#held.map(({ shell, directory }) =>
      shell.exec(['sh', '-c', renew, 'renew', directory], {
        timeoutMs: this.#options.renewEveryMs,
        allowFailure: true,
      }),
    );
    // A renewal that fails leads to the leash's own undo, which disarm() reports: nothing to do here.
    await Promise.allSettled(renewals);
  }

  /** Stops renewing: where healing failed, the leashes do what they can. */
  release(): void {
    clearInterval(this.#timer);
  }

  /** Idempotent. @returns where a leash undid the fault by itself before it was disarmed */
  async disarm(): Promise<readonly string[]> {
    this.release();
    const fired = await Promise.all(
      this.#held.map(async ({ shell, directory, where }) => {
        const { stdout } = await shell.exec(['sh', '-c', disarm, 'disarm', directory], {
          timeoutMs: 10_000,
          allowFailure: true,
        });
        return stdout.includes('fired') ? [where] : [];
      }),
    );
    return fired.flat();
  }
}
