import type { Place } from '../../../harness/model/cluster.ts';
import { realInstruments, type Instruments } from '../../../harness/run/instruments.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { exec } from '../../../harness/util/exec.ts';
import { otherCluster } from './other-cluster.ts';
import { endingWith } from './ending-with.ts';

const group = '/sys/fs/cgroup/cpu/shakedown-starved-load';
/** Two hundredths of a core: k6 needs ten times that for the least load. */
const starve = `mkdir -p ${group} && echo 2000 > ${group}/cpu.cfs_quota_us && echo $$ > ${group}/tasks && exec "$@"`;

const starved = (place: Place): Place => ({
  name: place.name,
  address: place.address,
  exec: (argv, options) => place.exec(argv, options),
  spawn: (argv, options) => place.spawn(['sh', '-c', starve, 'starve', ...argv], options),
});

/** Plants a load generator that has not enough of the machine to reach its rate. */
export const starvedInstruments: Instruments = {
  ...realInstruments,
  steadyWithinMs: 10_000,
  measure: async (options) => {
    const cluster = otherCluster(options.cluster, { place: { name: 'client', as: starved } });
    const measuring = await realInstruments.measure({ ...options, cluster });
    return endingWith(measuring, removeGroup);
  },
};

/** The kernel may still be burying the processes of the group. */
async function removeGroup(): Promise<void> {
  await eventually('the cgroup of the plant to be removed', { withinMs: 5_000, everyMs: 100 }, async () => {
    const { exitCode, stderr } = await exec(['sh', '-c', `[ ! -d ${group} ] || rmdir ${group}`], {
      allowFailure: true,
    });
    return exitCode === 0 ? yes(undefined) : notYet(stderr.trim());
  });
}
