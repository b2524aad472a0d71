import { expect } from 'chai';

import { alertsPath, alertTitle, readAlert } from './alert.ts';

describe('alerts', () => {
  it('are asked for through the API server', () => {
    expect(alertsPath({ service: 'monitoring/prometheus-k8s:web' }, 'x')).to.equal(
      '/api/v1/namespaces/monitoring/services/prometheus-k8s:web/proxy/api/v1/alerts',
    );
  });

  for (const service of ['prometheus:9090', 'monitoring/prometheus', 'http://prometheus:9090', 'a/b:c/../d', ''])
    it(`are not asked of '${service}'`, () => {
      expect(() => alertsPath({ service }, 'scenario x, field alerts.service')).to.throw(
        `scenario x, field alerts.service: expected NAMESPACE/SERVICE:PORT of a Prometheus, such as monitoring/prometheus:9090, found '${service}'`,
      );
    });

  it('are named by all their labels, in one order', () => {
    expect(alertTitle({ pod: 'a"b', alertname: 'Down', job: 'x' })).to.equal('Down{job="x",pod="a\\"b"}');
    expect(alertTitle({ alertname: 'Watchdog' })).to.equal('Watchdog');
  });

  it('are read from a history, where times may be missing', () => {
    const labels = { alertname: 'Down' };
    expect(readAlert({ labels, activeMs: 5, lastLookMs: null })).to.deep.equal({
      labels,
      activeMs: 5,
      lastLookMs: null,
    });
    expect(() => readAlert('Down')).to.throw('Alert: expected an object, found "Down"');
  });
});
