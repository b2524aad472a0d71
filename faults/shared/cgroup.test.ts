import { expect } from 'chai';

import { groupIn, setScript, statistic } from './cgroup.ts';

describe('the control group of a process', () => {
  const hybrid = '8:pids:/shakedown/c/w1/system/kubelet\n1:cpu,cpuacct:/a\n0::/unified';

  it('is that of the controller where there is one of version 1', () => {
    expect(groupIn(hybrid, 'pids')).to.deep.equal({
      folder: '/sys/fs/cgroup/pids/shakedown/c/w1/system/kubelet',
      version: 1,
    });
    expect(groupIn(hybrid, 'cpu')).to.deep.equal({ folder: '/sys/fs/cgroup/cpu/a', version: 1 });
  });

  it('is the unified one where the controller is not in version 1', () => {
    expect(groupIn('0::/kubelet.slice/kubelet.service', 'memory')).to.deep.equal({
      folder: '/sys/fs/cgroup/kubelet.slice/kubelet.service',
      version: 2,
    });
  });

  it('is the folder of all groups for a process in the root', () => {
    expect(groupIn('4:memory:/', 'memory')?.folder).to.equal('/sys/fs/cgroup/memory');
  });

  it('is none where no line says so', () => {
    expect(groupIn('4:memory:/x', 'cpu')).to.equal(null);
  });
});

describe('the files of a control group', () => {
  it('hold statistics by name', () => {
    expect(statistic('nr_periods 12\nnr_throttled 7\n', 'nr_throttled')).to.equal(7);
    expect(statistic('max_usage 3', 'max')).to.equal(0);
  });

  it('are written only while the group is there', () => {
    expect(setScript('/g', 'pids.max', 'max')).to.equal("[ ! -d '/g' ] || printf '%s' 'max' > '/g/pids.max'\n");
  });
});
