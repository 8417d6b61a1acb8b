import { sleep } from '#platform/backoff.ts';
import { VITALS_A_MESSAGE } from '../load/packets.ts';
import { watchCpu } from '../support/machine.ts';
import type { Line, Row, RowContext } from '../support/row.ts';
import { onStage, type Publisher, type Stage, waitUntilDrained } from '../support/stage.ts';
import { measureUnnest } from './unnest.ts';

/**
 * The highest rate that the station holds with the journal not growing, and beside it what the same database takes
 * from the station's own statement alone. First the load follows what gets stored until it settles, then it is held at
 * a fixed rate a little below; if the journal grows, a little lower.
 */

const FIRST_MESSAGES_PER_SECOND = 4_000;
const MAX_IN_FLIGHT = 6_000;
const STEP_MS = 500;
const SETTLE_STEPS = 24;
const HOLD_AT = 0.97;
const LOWER_BY = 0.94;
const HOLD_TRIES = 6;

/** Readings on their way, in seconds of load: above, the database or the station is behind. */
const WAITING_GOAL_SECONDS = 0.4;
/** What may wait more at the end than at the start of a hold, as a share of all that was stored in it. */
const GROWTH_ALLOWED = 0.01;

type Sample = { readonly atS: number; readonly stored: number; readonly waiting: number };

const sample = async (stage: Stage, publisher: Publisher, startedAt: number): Promise<Sample> => {
  const metrics = await stage.station().metrics();
  const stored = metrics('wardwatch_readings_stored_total');
  const sent = (publisher.latest()?.sent ?? 0) * VITALS_A_MESSAGE;
  const lost = publisher.latest()?.lost;
  if (lost) throw new Error(`the load lost a connection: ${lost}`);
  return { atS: (performance.now() - startedAt) / 1_000, stored, waiting: Math.max(0, sent - stored) };
};

const rateBetween = (from: Sample, to: Sample): number => (to.stored - from.stored) / (to.atS - from.atS);

/** Readings a second that were stored while the load followed them. */
const settle = async (
  take: () => Promise<Sample>,
  publisher: Publisher,
  { progress }: RowContext,
  samples: Sample[],
): Promise<number> => {
  let messagesPerSecond = FIRST_MESSAGES_PER_SECOND;
  const before = await take();
  const rates: number[] = [];
  for (let step = 1; step <= SETTLE_STEPS; step++) {
    await sleep(STEP_MS);
    const now = await take();
    // Batches are large: over less than two seconds the rate is a matter of luck.
    const stored = rateBetween(samples.at(-4) ?? before, now);
    rates.push(stored);
    samples.push(now);
    const room = 1 - now.waiting / (WAITING_GOAL_SECONDS * Math.max(stored, 1));
    const offered = messagesPerSecond * VITALS_A_MESSAGE;
    const wanted = Math.max(stored, room > 0 ? offered : 0) * (1 + 0.3 * Math.max(-1, room));
    messagesPerSecond = Math.max(200, wanted / VITALS_A_MESSAGE);
    publisher.send({ command: 'rate', messagesPerSecond });
    progress(step, SETTLE_STEPS, `looking for the rate: ${Math.round(stored)} readings/s stored`);
  }
  const settled = rates.slice(-SETTLE_STEPS / 2);
  return settled.reduce((sum, rate) => sum + rate, 0) / settled.length;
};

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const hold = async (
  take: () => Promise<Sample>,
  publisher: Publisher,
  readingsPerSecond: number,
  { progress, seconds }: RowContext,
  samples: Sample[],
) => {
  publisher.send({ command: 'rate', messagesPerSecond: readingsPerSecond / VITALS_A_MESSAGE });
  await sleep(2 * STEP_MS);
  const held = [await take()];
  const steps = Math.ceil((seconds * 1_000) / STEP_MS);
  for (let step = 1; step <= steps; step++) {
    await sleep(STEP_MS);
    const now = await take();
    samples.push(now);
    held.push(now);
    progress(
      step,
      steps,
      `holding ${Math.round(readingsPerSecond)} readings/s, ${Math.round(now.waiting)} on their way`,
    );
  }
  const [first, last] = [held[0], held.at(-1)];
  if (!first || !last) throw new Error('nothing was sampled');
  const fifth = Math.max(2, Math.floor(held.length / 5));
  const growth =
    middle(held.slice(-fifth).map(({ waiting }) => waiting)) -
    middle(held.slice(0, fifth).map(({ waiting }) => waiting));
  const stored = rateBetween(first, last);
  // A load that had to wait for acknowledgements was not at its rate.
  const steady = growth <= GROWTH_ALLOWED * (last.stored - first.stored) && stored >= 0.98 * readingsPerSecond;
  return { stored, growth, steady };
};

export const measureIngest: Row = async (context) => {
  const { beds, server, seconds } = context;
  const samples: Sample[] = [];
  const station = await onStage(context, beds, async (stage) => {
    const publisher = await stage.publish({ messagesPerSecond: FIRST_MESSAGES_PER_SECOND, maxInFlight: MAX_IN_FLIGHT });
    const startedAt = performance.now();
    const take = () => sample(stage, publisher, startedAt);
    const settled = await settle(take, publisher, context, samples);
    const tries = [];
    const backends = await stage.database.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'wardwatch ingest' and datname = current_database()`,
    );
    for (let rate = settled * HOLD_AT; tries.length < HOLD_TRIES; rate *= LOWER_BY) {
      const cpu = watchCpu({
        station: stage.station().pid,
        load: publisher.pid,
        ...Object.fromEntries(backends.map(({ pid }, index) => [`database backend ${index + 1}`, pid])),
      });
      const outcome = await hold(take, publisher, rate, context, samples);
      tries.push({ rate, ...outcome, cpuPercent: await cpu() });
      if (outcome.steady) break;
      publisher.send({ command: 'rate', messagesPerSecond: FIRST_MESSAGES_PER_SECOND / 10 });
      await waitUntilBelow(take, 20_000);
    }
    publisher.send({ command: 'pause' });
    await waitUntilDrained(stage.station(), 60_000);
    const result = await publisher.finish();
    const [counted] = await stage.database.query<{ rows: number }>('select count(*)::float8 as rows from vitals');
    return { tries, settled, sent: result.sent, acked: result.acked, rows: counted?.rows ?? 0 };
  });
  const held = station.tries.at(-1);
  if (!held) throw new Error('no rate was held');
  const unnest = await measureUnnest({ server, beds, seconds, progress: context.progress });
  const complete = station.rows === station.acked * VITALS_A_MESSAGE;
  const lines: Line[] = [
    {
      what: 'sustained ingest, 8 vitals a message, live on',
      measured: held.stored,
      unit: 'readings/s',
      budget: { atLeast: 120_000 },
      note: `${beds} beds, ${seconds} s, ${held.steady ? 'journal not growing' : 'NOT STEADY'}, ${complete ? 'all acknowledged rows there' : 'ROWS MISSING'}; ${describeCpu(held)}`,
    },
    {
      what: 'the same database, unnest alone',
      measured: unnest.readingsPerSecond,
      unit: 'readings/s',
      note: `batches of ${unnest.batchRows}, one connection; ${describeCpu({ stored: unnest.readingsPerSecond, cpuPercent: unnest.cpuPercent })}`,
    },
    {
      what: 'sustained ingest, share of unnest alone',
      measured: held.stored / unnest.readingsPerSecond,
      unit: '',
      budget: { atLeast: 0.6 },
    },
  ];
  const points = samples.map(({ atS, stored }, index): [number, number] => {
    const before = samples[index - 1];
    return [atS, before ? rateBetween(before, { atS, stored, waiting: 0 }) : 0];
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
        budget: 120_000,
      },
    ],
    detail: { ...station, unnest, samples },
  };
};

const waitUntilBelow = async (take: () => Promise<Sample>, waiting: number): Promise<void> => {
  for (let tries = 0; tries < 120 && (await take()).waiting > waiting; tries++) await sleep(250);
};

/** CPU time for a reading says more than the rate when something else runs on the machine. */
const describeCpu = ({
  stored,
  cpuPercent,
}: {
  stored: number;
  cpuPercent: Readonly<Record<string, number>>;
}): string =>
  Object.entries(cpuPercent)
    .map(
      ([name, percent]) =>
        `${name} ${percent}%${name === 'machine' ? '' : ` (${((percent * 1e4) / stored).toFixed(1)} µs a reading)`}`,
    )
    .join(', ');
