import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { exec } from '../../harness/util/exec.ts';
import { emptyScript, fillScript } from '../shared/etcd-space.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { etcdSpaceQuota } from './etcd-space-quota.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('etcd-space-quota', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (params = {}): ReturnType<typeof etcdSpaceQuota.plan> =>
    etcdSpaceQuota.plan(contextOf(cluster), etcdSpaceQuota.params(params));

  it('reads the quota back from the members', async () => {
    expect(await plan()).to.deep.include({
      members: ['cp1', 'cp2', 'cp3'],
      quotaBytes: 134_217_728,
      usedBytes: 4_194_304,
    });
  });

  it('refuses a quota that it may not fill, with the arithmetic', async () => {
    cluster.space.quotaMiB = 2_048;
    expect(await refusal(plan())).to.equal(
      'etcd has a quota of 2048 MiB and uses 4.0 MiB: filling it would take 2044 MiB, and 256 MiB is the most that is written',
    );
    expect(await plan({ mostMiB: 2_048 })).to.include({ quotaBytes: 2_147_483_648 });
  });

  it('refuses when a member is away, or an alarm is there already', async () => {
    cluster.etcd.member('cp1').process = null;
    expect(await refusal(plan())).to.match(/^etcd is not whole, .*cp1 does not answer$/);
    cluster.etcd.member('cp1').process = { startedAt: 1, state: 'S' };
    await etcdSpaceQuota.inject(contextOf(cluster), await plan());
    expect(await refusal(plan())).to.match(/^etcd already has an alarm: .*NOSPACE$/);
  });

  it('is not gone while the alarm is there', async () => {
    const planned = await plan();
    await etcdSpaceQuota.inject(contextOf(cluster), planned);
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(300));
    expect(await refusal(etcdSpaceQuota.proveGone(impatient, planned))).to.match(/last seen: cp1 lists: .*NOSPACE/);
  });

  // Plays etcdctl with a file of so many lines that a put is refused at the fourth.
  const player = `case "$*" in
    *put*) cat > /dev/null; [ $(wc -l < "$DB") -lt 3 ] && echo key >> "$DB" || { echo 'Error: mvcc: database space exceeded' >&2; echo alarm > "$DB.alarm"; exit 1; } ;;
    *'alarm list'*) [ ! -e "$DB.alarm" ] || echo 'alarm:NOSPACE' ;;
    *'alarm disarm'*) rm -f "$DB.alarm" ;;
    *del*) : > "$DB" ;;
    *get*) cat "$DB" ;;
    *'status --cluster'*)
      echo look >> "$DB.log"
      [ $(grep -c look "$DB.log") -lt 3 ] && used=65 || used=4
      echo '[{"Status":{"dbSize":67,"leader":1,"dbSizeInUse":4}},{"Status":{"dbSize":67,"leader":1,"dbSizeInUse":'$used'}}]' ;;
    *defrag*) echo defrag >> "$DB.log" ;;
    *status*) echo '[{"Status":{"header":{"member_id":1,"revision":77}}}]' ;;
    *compact*) echo "$*" >> "$DB.log" ;;
  esac`;
  it('writes until it is refused, and empties what it wrote; twice is harmless', async () => {
    const folder = (await exec(['mktemp', '-d'])).stdout;
    const argv = ['env', `DB=${folder}/db`, 'sh', '-c', player, 'etcdctl'];
    const run = async (script: string): Promise<string> => (await exec(['sh', '-c', script])).stdout;
    try {
      await exec(['sh', '-c', `: > ${folder}/db`]);
      expect(await run(fillScript(argv, 'm1', 9))).to.equal('4');
      await run(emptyScript(argv, 'm1'));
      await run(emptyScript(argv, 'm1'));
      expect(await run(`cat ${folder}/db; ls ${folder}`)).to.equal('db\ndb.log');
      // Not before every member has compacted.
      const log = (await run(`cat ${folder}/db.log`)).split('\n').map((line) => line.replace(/.* (?=compact)/, ''));
      expect(log).to.deep.equal(['compact --physical 77', 'look', 'look', 'look', 'defrag']);
      expect((await exec(['sh', '-c', fillScript(argv, 'm1', 2)], { allowFailure: true })).exitCode).to.equal(1);
    } finally {
      await exec(['rm', '-r', folder]);
    }
  });
});
