import { sleep } from '#platform/backoff.ts';
import { VITALS_A_MESSAGE } from '../load/packets.ts';
import type { Usage } from '../support/limit.ts';
import { limitedBy, observe } from '../support/observe.ts';
import type { Line, Row, RowContext } from '../support/row.ts';
import type { BenchDatabase } from '../support/server.ts';
import { measureTableBytes } from '../support/sizes.ts';
import { onStage, type Publisher, type Stage, WARM_UP_SECONDS, waitUntilDrained } from '../support/stage.ts';
import { measureUnnest } from './unnest.ts';

/**
 * The highest rate that the station holds with the journal not growing, and beside it what the same database takes
 * from the station's own statement alone. The load rises until readings pile up; from there short holds at fixed rates
 * look for the highest that is steady, and a long one is what counts.
 */

const BUDGET_READINGS_PER_SECOND = 150_000;
const BUDGET_SHARE_OF_UNNEST = 0.75;

const FIRST_READINGS_PER_SECOND = 32_000;
const MAX_IN_FLIGHT = 6_000;
/** Each look at the metrics costs the station's thread a hundredth of a second, on a slow machine. */
const SAMPLE_MS = 1_000;

const RISE_BY = 1.2;
const RISE_EVERY_MS = 1_500;
/** A moment in which another program has the machine is not the top. */
const RISE_AT_LEAST_S = 10;
/** Readings on their way, in seconds of load: above, something is behind. */
const PILED_UP_SECONDS = 1;

const PROBE_SECONDS = 5;
const PROBES = 8;
const PROBE_HIGHER_BY = 1.08;
const PROBE_LOWER_BY = 0.93;
const HOLDS = 8;

/** What may wait more at the end of a hold than at its start, in seconds of load: batches come and go, that is noise. */
const GROWTH_ALLOWED_SECONDS = 0.2;
/** A load that has to wait for acknowledgements is not at its rate. */
const RATE_KEPT = 0.98;

type Sample = { readonly atS: number; readonly sent: number; readonly stored: number; readonly waiting: number };

const sample = async (stage: Stage, publisher: Publisher, startedAt: number): Promise<Sample> => {
  const metrics = await stage.station().metrics();
  const stored = metrics.total('wardwatch_readings_stored_total');
  const sent = (publisher.latest()?.sent ?? 0) * VITALS_A_MESSAGE;
  const lost = publisher.latest()?.lost;
  if (lost) throw new Error(`the load lost a connection: ${lost}`);
  return { atS: (performance.now() - startedAt) / 1_000, sent, stored, waiting: Math.max(0, sent - stored) };
};

const rateBetween = (from: Sample, to: Sample): number => (to.stored - from.stored) / (to.atS - from.atS);

type Meter = { readonly take: () => Promise<Sample>; readonly setRate: (readingsPerSecond: number) => void };

/** The most readings a second that were stored while more and more was offered. */
const overload = async ({ take, setRate }: Meter, { progress }: RowContext): Promise<number> => {
  let rate = FIRST_READINGS_PER_SECOND;
  let best = 0;
  // The first readings of each bed make its series, and the station's code is still cold.
  await sleep(WARM_UP_SECONDS * 1_000);
  for (let before = await take(); ; rate *= RISE_BY) {
    setRate(rate);
    await sleep(RISE_EVERY_MS);
    const now = await take();
    const stored = rateBetween(before, now);
    best = Math.max(best, stored);
    progress(0, 1, `rising to ${Math.round(rate)} readings/s, ${Math.round(stored)} stored`);
    const isLeftBehind = now.waiting > PILED_UP_SECONDS * rate || stored < rate / RISE_BY ** 3;
    if (isLeftBehind && now.atS > RISE_AT_LEAST_S) return best;
    before = now;
  }
};

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const hold = async (
  { take, setRate }: Meter,
  { progress }: RowContext,
  { rate, seconds, database }: { rate: number; seconds: number; database: BenchDatabase },
) => {
  setRate(rate);
  await sleep(SAMPLE_MS);
  const used = await observe(database);
  const held = [await take()];
  const steps = Math.ceil((seconds * 1_000) / SAMPLE_MS);
  for (let step = 1; step <= steps; step++) {
    await sleep(SAMPLE_MS);
    const now = await take();
    held.push(now);
    progress(step, steps, `holding ${Math.round(rate)} readings/s, ${now.waiting} on their way`);
  }
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last) throw new Error('nothing was sampled');
  const waiting = held.map((sample) => sample.waiting);
  const third = Math.ceil(held.length / 3);
  const growth = middle(waiting.slice(-third)) - middle(waiting.slice(0, third));
  const stored = rateBetween(first, last);
  // What is stored comes in batches, a third of a second of load in one: over some seconds that hides whether the load kept its rate.
  const offered = (last.sent - first.sent) / (last.atS - first.atS);
  const steady = growth <= GROWTH_ALLOWED_SECONDS * rate && offered >= RATE_KEPT * rate;
  return { rate, seconds, stored, growth, steady, usage: await used() };
};

type Held = Awaited<ReturnType<typeof hold>>;

/** Short holds around `capacity` until one is steady and the next higher is not. All of them, the best last. */
const probe = async (capacity: number, tryRate: (rate: number) => Promise<Held>): Promise<Held[]> => {
  const tries: Held[] = [];
  let best: Held | undefined;
  let rate = capacity;
  while (tries.length < PROBES) {
    const held = await tryRate(rate);
    tries.push(held);
    if (held.steady) {
      best = held;
      if (tries.length > 1 && !tries.at(-2)?.steady) break;
      rate *= PROBE_HIGHER_BY;
    } else {
      if (best) break;
      rate *= PROBE_LOWER_BY;
    }
  }
  return best ? [...tries.filter((held) => held !== best), best] : tries;
};

export const measureIngest: Row = async (context) => {
  const { beds, server, seconds } = context;
  const samples: Sample[] = [];
  const station = await onStage(context, beds, async (stage) => {
    const publisher = await stage.publish({
      messagesPerSecond: FIRST_READINGS_PER_SECOND / VITALS_A_MESSAGE,
      maxInFlight: MAX_IN_FLIGHT,
    });
    const startedAt = performance.now();
    const meter: Meter = {
      async take() {
        const now = await sample(stage, publisher, startedAt);
        samples.push(now);
        return now;
      },
      setRate: (rate) => publisher.send({ command: 'rate', messagesPerSecond: rate / VITALS_A_MESSAGE }),
    };
    const capacity = await overload(meter, context);
    const holdAt = async (rate: number, holdSeconds: number): Promise<Held> => {
      await drainTo(meter, rate / 4);
      return await hold(meter, context, { rate, seconds: holdSeconds, database: stage.database });
    };
    const probes = await probe(capacity, (rate) => holdAt(rate, Math.min(PROBE_SECONDS, seconds)));
    const holds: Held[] = [];
    for (let rate = probes.at(-1)?.rate ?? capacity; holds.length < HOLDS; ) {
      const held = await holdAt(rate, seconds);
      holds.push(held);
      if (held.steady) break;
      rate = Math.min(rate * PROBE_LOWER_BY, held.stored);
    }
    publisher.send({ command: 'pause' });
    await waitUntilDrained(stage.station(), 60_000);
    const result = await publisher.finish();
    const [vitals] = await measureTableBytes(stage.database, ['vitals']);
    const missing = result.acked * VITALS_A_MESSAGE - (vitals?.rows ?? 0);
    if (missing > 0) throw new Error(`${missing} acknowledged readings are missing`);
    return { capacity, probes, holds, sent: result.sent, acked: result.acked, vitals };
  });
  const held = station.holds.at(-1);
  if (!held?.steady) throw new Error(`no rate was held: the last try was ${Math.round(held?.rate ?? 0)} readings/s`);
  const unnest = await measureUnnest({ server, beds, seconds, progress: context.progress });
  const lines: Line[] = [
    {
      what: 'sustained ingest, 8 vitals a message, live on',
      measured: held.stored,
      unit: 'readings/s',
      budget: { atLeast: BUDGET_READINGS_PER_SECOND },
      note: `${beds} beds, ${seconds} s, journal not growing, all acknowledged rows there; ${describeCpu(held.stored, sharesOf(held.usage))}`,
      ...limitedBy(held.usage),
    },
    {
      what: 'the same database, unnest alone',
      measured: unnest.readingsPerSecond,
      unit: 'readings/s',
      note: `batches of ${unnest.batchRows}, one connection; ${describeCpu(unnest.readingsPerSecond, sharesOf(unnest.usage))}`,
      ...limitedBy(unnest.usage),
    },
    {
      what: 'sustained ingest, share of unnest alone',
      measured: held.stored / unnest.readingsPerSecond,
      unit: '',
      budget: { atLeast: BUDGET_SHARE_OF_UNNEST },
    },
    {
      what: 'on disk a reading, its index with it',
      measured: station.vitals?.bytesPerRow ?? Number.NaN,
      unit: 'bytes',
      note: `as it was written, ${station.vitals?.rows ?? 0} readings, nothing compressed`,
    },
  ];
  const points = samples.map(({ atS, stored }, index): [number, number] => {
    const before = samples[index - 1];
    return [atS, before ? rateBetween(before, { atS, sent: 0, stored, waiting: 0 }) : 0];
  });
  return {
    lines,
    plots: [
      {
        title: 'Sustained ingest',
        kind: 'time',
        xLabel: 's',
        yLabel: 'readings/s',
        curves: [
          { name: 'stored', points: points.slice(1) },
          { name: 'on their way', points: samples.map(({ atS, waiting }): [number, number] => [atS, waiting]) },
        ],
        budget: BUDGET_READINGS_PER_SECOND,
      },
    ],
    detail: { ...station, unnest, samples },
  };
};

/** Lets the station catch up, so that a hold does not begin with what the last one left. */
const drainTo = async ({ take, setRate }: Meter, waiting: number): Promise<void> => {
  for (let tries = 0; tries < 120 && (await take()).waiting > waiting; tries++) {
    setRate(FIRST_READINGS_PER_SECOND / 10);
    await sleep(SAMPLE_MS / 2);
  }
};

const sharesOf = ({ processes }: Usage): Record<string, number> =>
  Object.fromEntries(Object.entries(processes).map(([part, { all }]) => [part, all]));

/** CPU time for a reading says more than the rate when something else runs on the machine. */
const describeCpu = (readingsPerSecond: number, shares: Readonly<Record<string, number>>): string =>
  Object.entries(shares)
    .map(([name, share]) => `${name} ${share}% (${((share * 1e4) / readingsPerSecond).toFixed(1)} µs a reading)`)
    .join(', ');
