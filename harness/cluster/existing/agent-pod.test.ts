import { expect } from 'chai';

import { agentPod } from './agent-pod.ts';
import type { RawNode } from './raw-node.ts';

const node = (architecture: string, images: NonNullable<RawNode['status']>['images'] = []): RawNode => ({
  metadata: { name: 'w1' },
  status: { nodeInfo: { architecture, operatingSystem: 'linux' }, images },
});
interface Pod {
  readonly spec: {
    readonly containers: readonly { readonly image: string; readonly imagePullPolicy: string }[];
    readonly volumes: readonly { readonly hostPath?: { readonly path: string } }[];
  };
}
const specOf = (pod: object): Pod['spec'] => (pod as Pod).spec;
const hostPaths = ({ volumes }: Pod['spec']): readonly string[] =>
  volumes.flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path]));

describe('the pod of an agent', () => {
  it('takes the smallest image with a tag that the node has, and the shell of the node', () => {
    const images = [
      { names: ['big:1'], sizeBytes: 900 },
      { names: ['small@sha256:0', 'small:2'], sizeBytes: 5 },
      { names: ['tiny@sha256:1', '<none>:<none>'], sizeBytes: 1 },
      { names: null, sizeBytes: 0 },
    ];
    const spec = specOf(agentPod(node('amd64', images), 'run-1'));
    expect(spec.containers[0]).to.include({ image: 'small:2', imagePullPolicy: 'Never' });
    expect(hostPaths(spec)).to.deep.equal(['/bin', '/lib', '/lib64', '/usr']);
    // A folder that is not there would be made on the node.
    expect(hostPaths(specOf(agentPod(node('arm64', images), 'run-1')))).to.deep.equal(['/bin', '/lib', '/usr']);
  });

  it('is refused with the way out where the node tells of no image', () => {
    expect(() => agentPod(node('amd64'), 'run-1')).to.throw('Node w1 tells of no image');
  });

  it('takes an image that was named, and nothing of the node', () => {
    const spec = specOf(agentPod(node('amd64'), 'run-1', 'busybox:1.36'));
    expect(spec.containers[0]).to.include({ image: 'busybox:1.36', imagePullPolicy: 'IfNotPresent' });
    expect(hostPaths(spec)).to.deep.equal([]);
  });
});
