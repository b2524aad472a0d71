import { expect } from 'chai';
import fc from 'fast-check';
import type { Random } from '../../model/fault.ts';
import { requestsThrough, type Client, type PlantedOutage } from '../testing/planted-outage.ts';
import { findOutages, servedSamples, type Outages } from './outages.ts';
import { steadyPart, type Steady } from './steady.ts';
import { requestStream } from './stream.ts';

/** A generator of random fractions from a seed: a linear congruence (Numerical Recipes) is random enough for a client. */
function seededRandom(seed: number): Pick<Random, 'below'> {
  let state = seed >>> 0;
  return {
    below: (limit) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    },
  };
}

const injectingMs = 12_000;

function measure(
  outage: PlantedOutage,
  client: Client,
  seed: number,
): { found: Outages; steady: Steady; slack: number } {
  const stream = requestStream(requestsThrough(outage, client, outage.endMs + 8_000, seededRandom(seed)));
  const steady = steadyPart(stream, { steadyMs: 0, faultMs: injectingMs }, 100, Infinity);
  const served = servedSamples(stream, steady.slowMs);
  const found = findOutages(stream, served, steady, injectingMs, { ms: 1_000, samples: 20 });
  // The 99th percentile stands for the slowest answer under way when the outage begins: 1 in 100 is slower.
  const slowest = client.roundTripMs * (client.mode === 'new' ? 2 : 1);
  return { found, steady, slack: Math.max(0, slowest - steady.p99Ms) };
}

const clients = fc.record({
  mode: fc.constantFrom('new', 'reused'),
  periodMs: fc.integer({ min: 20, max: 50 }),
  latenessMs: fc.integer({ min: 0, max: 8 }),
  roundTripMs: fc.integer({ min: 1, max: 12 }),
  timeoutMs: fc.constantFrom(1_000, 3_000, 10_000),
}) satisfies fc.Arbitrary<Client>;

const property = fc.property(
  clients,
  fc.integer({ min: 0, max: 700 }),
  fc.oneof(fc.integer({ min: 10, max: 400 }), fc.constantFrom(250, 1_000, 5_000), fc.integer({ min: 400, max: 9_000 })),
  fc.integer(),
  (client, delayMs, lengthMs, seed) => {
    const beginMs = injectingMs + delayMs;
    const { found, slack, steady } = measure({ beginMs, endMs: beginMs + lengthMs }, client, seed);
    if (found.list.length === 0) {
      expect(found.unseenMs, 'what could have passed unseen').to.be.at.least(lengthMs);
      return;
    }
    expect(found.list, 'outages').to.have.lengthOf(1);
    const [outage] = found.list;
    expect(outage?.lowerMs, 'lower bound').to.be.at.most(lengthMs + slack);
    expect(outage?.upperMs, 'upper bound').to.be.at.least(lengthMs);
    const latencies = 2 * client.roundTripMs * (client.mode === 'new' ? 2 : 1);
    const widest = 2 * (client.periodMs + client.latenessMs) + latencies + steady.p99Ms;
    expect((outage?.upperMs ?? Infinity) - (outage?.lowerMs ?? 0), 'width').to.be.at.most(widest);
  },
);

describe('findOutages', () => {
  it('contains the true length of any total outage, on new and on reused connections', () => {
    fc.assert(property, { numRuns: 400 });
  });

  it('is no wider than 100 ms for 250 ms, 1 s and 5 s at 40 requests/s, 20 of 20 each', () => {
    for (const lengthMs of [250, 1_000, 5_000]) {
      for (let seed = 0; seed < 20; seed += 1) {
        const mode = seed % 2 === 0 ? 'new' : 'reused';
        const client: Client = { mode, periodMs: 25, latenessMs: 4, roundTripMs: 6, timeoutMs: 1_000 };
        const beginMs = injectingMs + 200 + 7 * seed;
        const { found } = measure({ beginMs, endMs: beginMs + lengthMs }, client, seed);
        const [outage] = found.list;
        const where = `${mode}, ${String(lengthMs)} ms, seed ${String(seed)}`;
        expect(found.list, where).to.have.lengthOf(1);
        expect(outage?.lowerMs, where).to.be.at.most(lengthMs);
        expect(outage?.upperMs, where).to.be.at.least(lengthMs);
        expect((outage?.upperMs ?? Infinity) - (outage?.lowerMs ?? 0), where).to.be.at.most(100);
      }
    }
  });
});
