import type { KubeClient } from '../../../harness/kube/index.ts';
import { HarnessError } from '../../../harness/model/errors.ts';

/** The image of `web`, which every node of the run has: what is planted needs no other. */
export async function webImageOf(client: KubeClient, signal: AbortSignal): Promise<string> {
  const deployment = (await client.request('/apis/apps/v1/namespaces/shakedown/deployments/web', { signal })) as {
    readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: readonly { image?: string }[] } } };
  };
  const image = deployment.spec?.template?.spec?.containers?.[0]?.image;
  if (image === undefined) throw new HarnessError('bug', 'the deployment web has no image');
  return image;
}
