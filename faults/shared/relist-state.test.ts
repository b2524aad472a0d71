import { expect } from 'chai';

import { isWaiting } from './relist-state.ts';

const call = '#\tk8s.io/cri-api/pkg/apis/runtime/v1.(*runtimeServiceClient).ListContainers+0x166\tapi_grpc.pb.go:258\n';
const relist = '#\tk8s.io/kubernetes/pkg/kubelet/pleg.(*GenericPLEG).Relist+0x233\tgeneric.go:252\n';
const other = '#\tk8s.io/kubernetes/pkg/kubelet.(*Kubelet).syncLoop\tkubelet.go:1\n';

describe("a kubelet's relist, by its stacks", () => {
  it('waits when one stack shows it inside a list', () => {
    expect(isWaiting(`1 @ 0x1\n${other}\n1 @ 0x2\n${call}${relist}\n`)).to.equal(true);
  });

  it('does not wait when the list is called by another', () => {
    expect(isWaiting(`1 @ 0x1\n${call}${other}\n1 @ 0x2\n${relist}\n`)).to.equal(false);
  });

  it('does not wait when it is not there', () => {
    expect(isWaiting(`1 @ 0x1\n${other}`)).to.equal(false);
  });
});
