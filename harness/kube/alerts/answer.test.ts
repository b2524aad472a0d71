import { expect } from 'chai';

import { firingAlerts } from './answer.ts';

const answer = (...alerts: readonly unknown[]): string => JSON.stringify({ status: 'success', data: { alerts } });
const down = { labels: { alertname: 'Down', pod: 'a' }, annotations: {}, state: 'firing', value: '1e+00' };

describe('the answer about alerts', () => {
  it('tells of those that fire, and not of those that are pending', () => {
    const activeAt = '2026-01-01T00:00:00.5Z';
    const pending = { ...down, state: 'pending' };
    expect(firingAlerts(answer(pending, { ...down, activeAt }, down), 'GET x')).to.deep.equal([
      { labels: { alertname: 'Down', pod: 'a' }, activeAt },
      { labels: { alertname: 'Down', pod: 'a' }, activeAt: null },
    ]);
    expect(firingAlerts(answer(), 'GET x')).to.deep.equal([]);
  });

  const wrong: readonly (readonly [what: string, answer: string, sentence: string])[] = [
    ['a page', '<html>Grafana</html>', "expected JSON, found '<html>Grafana</html>'"],
    ['nothing', '', "expected JSON, found ''"],
    ['another kind of value', '[1]', 'the answer: expected an object, found [1]'],
    ['an error', '{"status":"error"}', 'field status: expected "success", found "error"'],
    ['no data', '{"status":"success"}', 'field data: expected an object, found nothing'],
    ['no list', '{"status":"success","data":{}}', 'field data.alerts: expected a list, found undefined'],
    ['no labels', answer({ state: 'firing' }), 'field data.alerts[0].labels: expected an object, found nothing'],
    ['no name', answer({ ...down, labels: {} }), 'field data.alerts[0].labels.alertname: expected text, found nothing'],
    ['no state', answer(down, { labels: down.labels }), 'field data.alerts[1].state: expected text, found nothing'],
  ];
  for (const [what, text, sentence] of wrong)
    it(`is refused when it is ${what}`, () => {
      expect(() => firingAlerts(text, 'GET /alerts')).to.throw(
        `GET /alerts: expected the list of alerts of a Prometheus; ${sentence}`,
      );
    });

  it('is quoted in part when it is long', () => {
    expect(() => firingAlerts('x'.repeat(9_000), 'GET x'))
      .to.throw()
      .with.property('message')
      .of.length.below(300);
  });
});
