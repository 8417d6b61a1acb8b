import type { VITAL_IDS } from '#domain/vitals.ts';
import { readTrends } from '../../api/history/trends.ts';
import type { Line, Row, RowContext } from '../support/row.ts';
import type { BenchDatabase } from '../support/server.ts';
import { onStage, type Stage } from '../support/stage.ts';

/**
 * The 24 h trend of one bed over HTTP. A year of 1,000 beds' minutes is 4.2 billion rows and does not fit here, so it
 * is measured with one day and with all days that were asked for, in the order in which a ward would have written
 * them, and shown with the plan and the pages it touches: what grows with the table is the depth of the index alone.
 */

const VITALS = [
  'heart-rate',
  'pulse-rate',
  'spo2',
  'respiratory-rate',
  'abp-systolic',
  'abp-diastolic',
  'abp-mean',
  'temperature',
] satisfies (typeof VITAL_IDS)[number][];
const DAY_MS = 86_400_000;
const REQUESTS = 200;
const POINTS = 500;
const BUDGET_MS = 100;
const YEAR_ROWS = 1_000 * 8 * 1_440 * 365;

/** A b-tree page of (integer, timestamptz) entries of 24 bytes, filled to 90 per cent or split in half. */
const ENTRIES_A_PAGE = 200;

export const measureTrends: Row = (context) =>
  onStage(context, context.beds, async (stage) => {
    const { beds, trendDays } = context;
    // Whole days before yesterday, so that the newest is complete and all is within the retention.
    const firstDayMs = Math.floor(Date.now() / DAY_MS - trendDays) * DAY_MS;
    await createSeries(stage.database);
    const sizes: Size[] = [];
    for (let day = 0; day < trendDays; day++) {
      await fillDay(stage.database, firstDayMs + day * DAY_MS, context, day);
      if (day > 0 && day < trendDays - 1) continue;
      await stage.database.query('vacuum analyze vitals');
      sizes.push(await measureSize(stage, context, { firstDayMs, days: day + 1 }));
    }
    const largest = sizes.at(-1);
    if (!largest) throw new Error('no day was filled');
    const line = ({ rows, p50Ms, p95Ms, maxMs, resolution, pages, plan, databaseMs }: Size): Line => ({
      what: `trend of one bed, 24 h, 8 vitals, p95, in ${(rows / 1e6).toFixed(1)} million rows (${beds} beds)`,
      measured: p95Ms,
      unit: 'ms',
      budget: { atMost: BUDGET_MS },
      note: `p50 ${p50Ms.toFixed(0)}, max ${maxMs.toFixed(0)} ms; ${resolution}: ${plan.join(' + ')}, ${pages} pages, ${databaseMs.toFixed(0)} ms in the database, index ${depthOf(rows)} levels deep (a year of 1,000 beds: ${depthOf(YEAR_ROWS)})`,
    });
    return {
      lines: sizes.map(line),
      plots: [
        {
          title: 'trend of one bed, 24 h',
          kind: 'percentiles',
          xLabel: 'of requests',
          yLabel: 'ms',
          curves: sizes.map(({ rows, sortedMs }) => ({
            name: `${(rows / 1e6).toFixed(1)} million rows`,
            points: sortedMs.map((ms, index): [number, number] => [index / sortedMs.length, ms]),
          })),
          budget: BUDGET_MS,
        },
      ],
      detail: { sizes, yearRows: YEAR_ROWS },
    };
  });

const depthOf = (rows: number): number => Math.ceil(Math.log(rows) / Math.log(ENTRIES_A_PAGE));

const createSeries = (database: BenchDatabase) =>
  database.query(
    `insert into series (device_id, signal, bed_id, encounter_id)
     select device_id, signal, bed_id, encounters.id
     from device_assignments join encounters using (bed_id), unnest($1::text[]) as signal order by device_id, signal`,
    [VITALS],
  );

const HOURS = 24;

/** Minute after minute, and in each the beds in turn: as they would have come, so that a bed's rows lie far apart. */
const fillDay = async (database: BenchDatabase, dayMs: number, { progress, trendDays }: RowContext, day: number) => {
  for (let hour = 0; hour < HOURS; hour++) {
    progress(day * HOURS + hour, trendDays * HOURS, `writing minutes of day ${day + 1} of ${trendDays}`);
    await database.query(
      `insert into vitals (time, received_at, value, series_id, quality, late)
       select minute, minute, 60 + 20 * random(), series.id, 0, false
       from generate_series($1::timestamptz, $1::timestamptz + interval '59 minutes', interval '1 minute') as minute, series
       order by minute, series.id`,
      [new Date(dayMs + (hour * DAY_MS) / HOURS)],
    );
  }
};

const measureSize = async (
  stage: Stage,
  { progress }: RowContext,
  { firstDayMs, days }: { firstDayMs: number; days: number },
) => {
  const token = await stage.station().token('viewer');
  const headers = { authorization: `Bearer ${token}` };
  const elapsed: number[] = [];
  for (let request = 0; request < REQUESTS; request++) {
    const bed = stage.ward.bedIds[Math.floor(Math.random() * stage.ward.bedIds.length)];
    const fromMs = firstDayMs + Math.floor((Math.random() * (days - 1) * DAY_MS) / 60_000) * 60_000;
    const range = new URLSearchParams({
      from: new Date(fromMs).toISOString(),
      to: new Date(fromMs + DAY_MS).toISOString(),
      vitals: VITALS.join(','),
      points: String(POINTS),
    });
    const startedAt = performance.now();
    const response = await fetch(`${stage.station().http}/api/v1/beds/${bed}/trends?${range}`, { headers });
    const text = await response.text();
    elapsed.push(performance.now() - startedAt);
    if (!response.ok) throw new Error(`the trend was refused: ${text.slice(0, 200)}`);
    if (request === 0) checkTrend(text);
    progress(request, REQUESTS, 'trends over HTTP');
  }
  const sortedMs = elapsed.sort((a, b) => a - b);
  const at = (share: number) =>
    sortedMs[Math.min(sortedMs.length - 1, Math.floor(share * sortedMs.length))] ?? Number.NaN;
  const [counted] = await stage.database.query<{ rows: number }>('select count(*)::float8 as rows from vitals');
  const bed = stage.ward.bedIds[0] ?? '';
  return {
    days,
    rows: counted?.rows ?? 0,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    sortedMs,
    ...(await explain(stage.database, bed, firstDayMs + (days - 1) * DAY_MS)),
  };
};

type Size = Awaited<ReturnType<typeof measureSize>>;

const checkTrend = (text: string): void => {
  const { vitals } = JSON.parse(text) as { vitals: Record<string, { min: number }[]> };
  const short = VITALS.filter((vital) => (vitals[vital]?.length ?? 0) < 400);
  if (short.length > 0) throw new Error(`the trend has too few points of ${short.join(', ')}`);
};

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly PlanNode[];
};

/** The plan of the statement that the API itself asks, with the pages it touched. */
const explain = async (database: BenchDatabase, bed: string, fromMs: number) => {
  const asked: { text: string; values: unknown[] }[] = [];
  const recorder = {
    async query(config: { text: string; values: unknown[] }) {
      asked.push(config);
      return { rows: await database.query(config.text, config.values) };
    },
  };
  const request = { bed, vitals: VITALS, fromMs, toMs: fromMs + DAY_MS, points: POINTS };
  // The API uses only this one of a pool's ways to query.
  const { resolution } = await readTrends(recorder as unknown as Parameters<typeof readTrends>[0], request);
  const { text, values } = asked.at(-1) ?? { text: '', values: [] };
  const [row] = await database.query<{ 'QUERY PLAN': readonly { Plan: PlanNode; 'Execution Time': number }[] }>(
    `explain (analyze, buffers, format json) ${text}`,
    values,
  );
  const root = row?.['QUERY PLAN'][0]?.Plan;
  const scans = root ? scansOf(root) : [];
  const pages = (root?.['Shared Hit Blocks'] ?? 0) + (root?.['Shared Read Blocks'] ?? 0);
  const databaseMs = row?.['QUERY PLAN'][0]?.['Execution Time'] ?? Number.NaN;
  return { resolution, plan: [...new Set(scans)], pages, databaseMs };
};

const scansOf = (node: PlanNode): string[] => [
  ...(node['Relation Name'] === undefined || node['Relation Name'] === 'series' ? [] : [node['Node Type']]),
  ...(node.Plans ?? []).flatMap(scansOf),
];
