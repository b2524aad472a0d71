// A program of its own, run in a place beside the cluster: passes everything on to an API server and its answers back, but for
// the events of watches, about which it lies three times in each open stream when it gets SIGUSR2. One line a lie.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';

import { credentialsOf } from '../../../workloads/ledger/kubeconfig.ts';

const [server = '', kubeconfig = '', port = ''] = process.argv.slice(2);
const secure = credentialsOf(kubeconfig);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Leaves one event out, tells one twice, and lets two change places; then it is honest again. */
class Liar {
  #lies: ('drop' | 'repeat' | 'swap')[] = [];
  #held: string | null = null;

  lie(): void {
    this.#lies = ['drop', 'repeat', 'swap'];
  }

  /** What is told instead of an event. */
  tell(event: string): readonly string[] {
    if (this.#held !== null) {
      const held = this.#held;
      this.#held = null;
      print('swap');
      return [event, held];
    }
    // Only what is new to everybody: a bookmark is no event.
    const lie = event.includes('"type":"ADDED"') ? this.#lies.shift() : undefined;
    if (lie === 'swap') {
      this.#held = event;
      return [];
    }
    if (lie !== undefined) print(lie);
    return lie === 'drop' ? [] : lie === 'repeat' ? [event, event] : [event];
  }
}

const liars = new Set<Liar>();
process.on('SIGUSR2', () => {
  for (const liar of liars) liar.lie();
});
process.stdout.on('error', () => process.exit(1));

function passEvents(answer: IncomingMessage, response: ServerResponse): void {
  const liar = new Liar();
  liars.add(liar);
  response.on('close', () => liars.delete(liar));
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('data', (piece: string) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.flatMap((event) => liar.tell(event))) response.write(`${line}\n`);
  });
  answer.on('end', () => response.end());
  answer.on('error', () => response.destroy());
}

createServer((asked, response) => {
  const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => name !== 'host'));
  const path = asked.url ?? '/';
  const onward = request(`${server}${path}`, { method: asked.method ?? 'GET', headers, agent: false, ...secure });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
    if (path.includes('watch=1')) passEvents(answer, response);
    else answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  asked.pipe(onward);
}).listen(Number(port), () => {
  print('listening');
});
