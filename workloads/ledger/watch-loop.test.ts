import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import type { Target, Watched } from './job.ts';
import { watchLoop } from './watch-loop.ts';

const change = (type: string, name: string, resourceVersion: number): string =>
  `${JSON.stringify({ type, object: { kind: 'ConfigMap', metadata: { name, resourceVersion: String(resourceVersion) } } })}\n`;
const bookmark = (resourceVersion: number): string =>
  `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(resourceVersion) } } })}\n`;
const refusal = (code: number, message: string): string =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, message } })}\n`;

type Answer = (response: ServerResponse) => void;

/** An API server that gives each list and each watch the next answer of its script. */
class Scripted {
  readonly asked: string[] = [];
  readonly #lists: Answer[];
  readonly #watches: Answer[];

  constructor(lists: readonly Answer[], watches: readonly Answer[]) {
    this.#lists = [...lists];
    this.#watches = [...watches];
  }

  answer(url: URL, response: ServerResponse): void {
    const watch = url.searchParams.get('watch') === '1';
    this.asked.push(watch ? `watch ${url.searchParams.get('resourceVersion') ?? 'anything'}` : 'list');
    const next = watch ? this.#watches.shift() : this.#lists.shift();
    if (next === undefined) response.writeHead(500).end('nothing left');
    else next(response);
  }
}

const items =
  (version: number, ...names: readonly (readonly [string, number])[]): Answer =>
  (response) =>
    response.end(
      JSON.stringify({
        metadata: { resourceVersion: String(version) },
        items: names.map(([name, own]) => ({ metadata: { name, resourceVersion: String(own) } })),
      }),
    );
/** Ends in good order. */
const stream =
  (...lines: readonly string[]): Answer =>
  (response) =>
    response.end(lines.join(''));
/** Stays open. */
const open =
  (...lines: readonly string[]): Answer =>
  (response) =>
    void response.write(lines.join(''));

describe('a watch of the ledger', () => {
  let server: Server;
  let target: Target;
  let api: Scripted;
  before(async () => {
    server = createServer((request, response) => {
      api.answer(new URL(request.url ?? '', 'http://x'), response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    target = { name: 'api-x', store: 'api', url: `http://127.0.0.1:${String(port)}` };
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Watches until that many lines were told, and what was told then. */
  async function lines(script: Scripted, wanted: number, idleMs = 5_000): Promise<string[]> {
    api = script;
    const ending = new AbortController();
    const told: Watched[] = [];
    const take = (line: Watched): void => {
      told.push(line);
      if (told.length === wanted)
        setImmediate(() => {
          ending.abort();
        });
    };
    await watchLoop({ target, namespace: 'ns', secure: null, signal: ending.signal, told: take, idleMs, againMs: 1 });
    return told.map(({ type, stream: number, key = '-', version = '-', detail }) =>
      [type, number, key, version, ...(detail === undefined ? [] : [detail])].join(' '),
    );
  }

  it('lists, watches from there on, and says so when it ends while connected', async () => {
    const script = new Scripted([items(10, ['a', 7])], [open(change('ADDED', 'b', 11), bookmark(15))]);
    expect(await lines(script, 5)).to.deep.equal([
      'list 1 - 10 1 objects',
      'listed 1 a 7',
      'opened 1 - 10',
      'added 1 b 11',
      'bookmark 1 - 15',
      'ended 1 - -',
    ]);
    expect(script.asked).to.deep.equal(['list', 'watch 10']);
  });

  it('resumes from what it was told last, a bookmark too', async () => {
    const script = new Scripted(
      [items(10)],
      [
        stream(change('ADDED', 'b', 11), bookmark(15)),
        (response) => void response.destroy(),
        stream(change('MODIFIED', 'b', 16)),
        open(change('DELETED', 'b', 17)),
      ],
    );
    expect((await lines(script, 10)).slice(2)).to.deep.equal([
      'added 1 b 11',
      'bookmark 1 - 15',
      'closed 1 - - complete',
      'opened 2 - 15 after 1 failed, the last: reset',
      'modified 2 b 16',
      'closed 2 - - complete',
      'opened 3 - 16',
      'deleted 3 b 17',
      'ended 3 - -',
    ]);
  });

  for (const [how, gone] of [
    ['as an answer', (response: ServerResponse) => response.writeHead(410).end('too old')],
    ['in the stream', stream(refusal(410, 'too old resource version'))],
  ] as const)
    it(`lists again after 410 Gone ${how}, and tells only what it did not know`, async () => {
      const script = new Scripted(
        [items(10, ['a', 7]), items(20, ['a', 7], ['b', 12], ['c', 14])],
        [stream(change('ADDED', 'b', 12)), gone, open(change('ADDED', 'd', 21))],
      );
      const told = await lines(script, how === 'in the stream' ? 11 : 10);
      expect(
        told.slice(told.findIndex((line) => line.startsWith('expired'))).map((line) => line.slice(0, 13)),
      ).to.deep.equal([
        how === 'in the stream' ? 'expired 2 - 1' : 'expired 1 - 1',
        how === 'in the stream' ? 'list 3 - 20 3' : 'list 2 - 20 3',
        how === 'in the stream' ? 'listed 3 c 14' : 'listed 2 c 14',
        how === 'in the stream' ? 'opened 3 - 20' : 'opened 2 - 20',
        how === 'in the stream' ? 'added 3 d 21' : 'added 2 d 21',
        ...(how === 'in the stream' ? ['ended 3 - -'] : ['ended 2 - -']),
      ]);
      expect(script.asked).to.deep.equal(['list', 'watch 10', 'watch 12', 'list', 'watch 20']);
    });

  it('gives up a connection that says nothing', async () => {
    const script = new Scripted([items(10)], [open(change('ADDED', 'b', 11)), open(change('ADDED', 'c', 12))]);
    expect((await lines(script, 6, 60)).slice(2, 5)).to.deep.equal([
      'added 1 b 11',
      'closed 1 - - timeout',
      'opened 2 - 11',
    ]);
  });

  it('takes what is no event for the end of the stream', async () => {
    const script = new Scripted(
      [items(10)],
      [stream(change('ADDED', 'b', 11), 'nonsense\n', change('ADDED', 'c', 12)), open(change('ADDED', 'c', 12))],
    );
    expect((await lines(script, 6)).slice(2, 6)).to.deep.equal([
      'added 1 b 11',
      'closed 1 - - not an event of a watch: nonsense',
      'opened 2 - 11',
      'added 2 c 12',
    ]);
  });
});
