import { createServer } from 'node:net';

import { HarnessError } from '../../model/errors.ts';
import { apiPort } from './pki/layout.ts';
import type { ClusterPlan } from './plan.ts';
import { controlPlanes } from './services/control-plane.ts';

/**
 * The load balancer before the API servers: on the machine's loopback for kubectl, and inside the lab for the nodes.
 * A server leaves after two failed looks at its /readyz, half a second apart, and its connections with it.
 */
export function haproxyConfig(plan: ClusterPlan, hostPort: number, authority: string, socket: string): string {
  const servers = controlPlanes(plan).map(
    ({ name, address }) => `  server ${name} ${address}:${String(apiPort)} namespace ${plan.lab}`,
  );
  return `global
  maxconn 4000
  stats socket ${socket} mode 600 level admin
  log stdout format raw local0 info

defaults
  mode tcp
  log global
  option dontlognull
  timeout connect 2s
  # Watches are silent for minutes.
  timeout client 1h
  timeout server 1h
  timeout client-fin 10s
  timeout check 2s
  retries 2
  option redispatch

frontend api
  bind 127.0.0.1:${String(hostPort)}
  bind ${plan.endpointAddress}:${String(apiPort)} namespace ${plan.lab}
  default_backend api-servers

backend api-servers
  balance roundrobin
  option httpchk GET /readyz
  http-check expect status 200
  default-server check check-ssl verify required ca-file ${authority} inter 500ms downinter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
${servers.join('\n')}
`;
}

/**
 * A free port of the machine's loopback, or the wanted one.
 * @throws HarnessError `port-in-use` when the wanted one is taken
 */
export async function choosePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    return await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : wanted);
      });
    });
  } catch (cause) {
    throw new HarnessError('port-in-use', `Port ${String(wanted)} of 127.0.0.1 is taken by another program`, {
      cause,
      hint: 'change networking.apiServerPort of the config, or take it away for any free port',
    });
  } finally {
    server.close();
  }
}
