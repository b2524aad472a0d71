import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { HistoryEvent } from '../../model/history.ts';
import { startClock } from '../../util/clock.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { connect } from '../client.ts';
import { startAlerts, type AlertTimes } from './watch.ts';

const path = '/api/v1/namespaces/shop/services/prometheus:9090/proxy/api/v1/alerts';
/** So long that no test waits for them and no slow machine comes near them; a test of one of them sets it. */
const long = { answerWithinMs: 20_000, firstWithinMs: 20_000, lastWithinMs: 20_000, blindAfterMs: 60_000 } as const;

/** An API server that passes questions on to a Prometheus: real HTTP, on the loopback. */
class FakeApi {
  readonly asked: string[] = [];
  status = 200;
  /** In the place of the list of alerts. */
  instead: string | null = null;
  alerts: object[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(({ url = '' }, response) => {
      this.asked.push(url);
      const list = JSON.stringify({ status: 'success', data: { alerts: this.alerts } });
      response.writeHead(this.status).end(this.instead ?? list);
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const firing = (pod: string): object => ({
  labels: { alertname: 'Down', pod },
  state: 'firing',
  activeAt: new Date().toISOString(),
});

describe('the watch of alerts', () => {
  let api: FakeApi;
  let folder: string;
  let events: HistoryEvent[];
  let start: (times?: Partial<AlertTimes>) => Promise<AsyncDisposable>;

  beforeEach(async () => {
    api = new FakeApi();
    events = [];
    folder = mkdtempSync(join(tmpdir(), 'shakedown-alerts-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const server = `http://127.0.0.1:${String(await api.listen())}`;
    const contexts = [{ name: 'x', context: { cluster: 'x', user: 'x' } }];
    const whole = {
      clusters: [{ name: 'x', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'x' }],
      contexts,
    };
    writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'x', ...whole }));
    start = (times = {}) =>
      startAlerts(
        {
          client: connect(kubeconfig),
          source: { service: 'shop/prometheus:9090' },
          clock: startClock(),
          record: (event) => events.push(event),
          signal: new AbortController().signal,
        },
        { everyMs: 10, ...long, ...times },
      );
  });
  afterEach(() => {
    api.close();
    rmSync(folder, { recursive: true });
  });

  const looks = (more: number): Promise<undefined> => {
    const wanted = api.asked.length + more;
    return eventually('the next looks', { withinMs: 15_000, everyMs: 5 }, () =>
      api.asked.length >= wanted ? yes(undefined) : notYet(`${String(api.asked.length)} looks`),
    );
  };
  const told = (): readonly string[] =>
    events.map((event) => {
      if (event.kind === 'state') return `${event.change} ${event.uid}`;
      return event.kind === 'gap' ? `gap: ${event.because}` : event.kind;
    });

  it('names its source, and records what is there at first and what changes', async () => {
    api.alerts = [firing('a')];
    const watch = await start();
    await looks(2);
    api.alerts = [{ ...firing('c'), state: 'pending' }, firing('b')];
    await looks(2);
    await watch[Symbol.asyncDispose]();
    expect(new Set(api.asked)).to.deep.equal(new Set([path]));
    expect(told()).to.deep.equal(['added Down{pod="a"}', 'sample', 'added Down{pod="b"}', 'deleted Down{pod="a"}']);
    expect(events[1]).to.deep.include({ probe: 'recorder/Alert', value: { service: 'shop/prometheus:9090' } });
  });

  it('says between which two looks an alert changed, and since when its cause is there', async () => {
    const watch = await start();
    await looks(1);
    api.alerts = [firing('a')];
    await looks(2);
    await watch[Symbol.asyncDispose]();
    const added = events.find((event) => event.kind === 'state');
    const { lastLookMs, activeMs } = added?.value as { readonly lastLookMs: number; readonly activeMs: number };
    expect(added?.atMs).to.be.within(lastLookMs, lastLookMs + 1_000);
    expect(activeMs).to.be.within(-10, added!.atMs + 10);
  });

  it('records no gap for an answer that is missing once', async () => {
    const watch = await start();
    api.status = 503;
    await looks(1);
    api.status = 200;
    await looks(1);
    await watch[Symbol.asyncDispose]();
    expect(told()).to.deep.equal(['sample']);
  });

  it('records a gap when the answers were missing for too long, with what was said instead', async () => {
    const watch = await start({ blindAfterMs: 60 });
    api.instead = '<html>';
    await eventually('a blind time', { withinMs: 1_500, stable: 10, everyMs: 20 }, () => yes(undefined));
    api.instead = null;
    await looks(2);
    await watch[Symbol.asyncDispose]();
    expect(told()).to.include(
      `gap: GET ${path}: expected the list of alerts of a Prometheus; expected JSON, found '<html>'`,
    );
  });

  it('records a gap when it does not see at the end', async () => {
    const watch = await start({ lastWithinMs: 40 });
    api.status = 503;
    await watch[Symbol.asyncDispose]();
    await watch[Symbol.asyncDispose]();
    expect(told()).to.have.lengthOf(2);
    expect(told()[1]).to.match(/^gap: .*503/);
  });

  it('does not begin where nobody answers as a Prometheus does', async () => {
    api.instead = '{}';
    const error = await start({ firstWithinMs: 60 }).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'not-steady');
    expect(error)
      .to.have.property('message')
      .that.matches(/^alerts\.service: expected a Prometheus that answers at shop\/prometheus:9090, found none/);
    expect(error)
      .to.have.nested.property('cause.message')
      .that.matches(/field status: expected "success"/);
  });

  it('does not begin where it may not ask', async () => {
    api.status = 403;
    const error = await start().catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'not-steady');
    expect(api.asked).to.have.lengthOf(1);
  });
});
