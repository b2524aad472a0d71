// The program behind control.ts: answers every request in the shape of the web workload until its reader is gone.
import { createServer } from 'node:http';

const [port = '0'] = process.argv.slice(2);
const answer = JSON.stringify({ pod: 'control', node: 'control' });
const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
  response.setHeader('content-type', 'application/json').end(answer);
});
const end = (): never => process.exit(0);
process.stdout.on('error', end);
process.on('SIGTERM', end);
server.on('error', (error) => {
  console.log(error.message);
  process.exitCode = 1;
});
server.listen(Number(port), '0.0.0.0', () => {
  console.log('listening');
  // Writing to a closed pipe fails: so it ends with the harness, however that ended.
  setInterval(() => process.stdout.write('.\n'), 1_000);
});
