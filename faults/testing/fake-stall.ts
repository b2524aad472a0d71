import type { Answer } from './fake-shell.ts';

/** The proxy of one node between its kubelet and its runtime, and what the kubelet's stacks show. */
export class FakeStall {
  deaf = false;
  stalled = false;

  /** Undefined for what is no business of the proxy. */
  answer(command: string): Answer | undefined {
    if (command.includes('criproxy serve')) this.stalled = !this.deaf;
    else if (command.includes('criproxy stats'))
      return this.stalled ? '{"calls":{"Status":9},"held":{"ListContainers":2},"moved":3}' : { exitCode: 1 };
    else if (command.includes('mv -f /run/containerd')) this.stalled = false;
    else if (command.includes("'criproxy'")) return this.stalled ? `7171 S ${'0 '.repeat(18)}900 0` : '';
    else if (!command.includes('base64 -d') && !command.includes('|| exit 5')) return undefined;
    return '';
  }

  get stacks(): string {
    const waiting = '1 @ 0x1\n#\t(*remoteRuntimeService).x\n#\t(*runtimeServiceClient).ListPodSandbox+0x1\n';
    const relist = '#\tk8s.io/kubernetes/pkg/kubelet/pleg.(*GenericPLEG).Relist+0x2\n';
    return this.stalled
      ? `goroutine profile: total 2\n${waiting}${relist}\n1 @ 0x2\n#\tmain\n`
      : `${waiting}\n1 @ 0x2\n${relist}`;
  }
}
