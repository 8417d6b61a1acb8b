import { randomUUID } from 'node:crypto';
import type { AlarmEvent, AlarmInput } from '#domain/alarms/alarm.ts';
import { condition } from '#domain/alarms/conditions.ts';
import { step } from '#domain/alarms/engine.ts';
import { FORMAT } from '#domain/alarms/formats/upcast.ts';
import { writeState } from '#domain/alarms/formats/written.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';
import { initialState } from '#domain/alarms/state.ts';
import { VITALS, type VitalId } from '#domain/vitals.ts';
import type { Database } from '#platform/database.ts';

/** 2026-11-22, 08:00 UTC. */
export const START = Date.UTC(2026, 10, 22, 8);

type Values = Partial<Record<VitalId, number | null>>;

/** Distributes over the sorts of input. */
type Timeless = AlarmInput extends infer Input ? (Input extends AlarmInput ? Omit<Input, 'at'> : never) : never;

/** A bed's hours, decided by the engine as the station does it, and stored as the station stores them. */
export const createHistory = async (database: Database, bed: string, unit = 'icu') => {
  const device = `${bed}-monitor`;
  const journalId = randomUUID();
  await database.query('insert into units values ($1, $1) on conflict do nothing', [unit]);
  await database.query('insert into beds values ($1, $2, $1) on conflict do nothing', [bed, unit]);
  await database.query('insert into devices (id, unit_id, secret_hash) values ($1, $2, $3) on conflict do nothing', [
    device,
    unit,
    '',
  ]);
  const series = new Map<string, number>();
  const seriesOf = async (signal: string): Promise<number> => {
    const known = series.get(signal);
    if (known !== undefined) return known;
    const { rows } = await database.query<{ id: number }>(
      `insert into series (device_id, signal, bed_id) values ($1, $2, $3)
       on conflict (device_id, signal, bed_id, encounter_id) do update set signal = excluded.signal returning id`,
      [device, signal, bed],
    );
    const id = rows[0]?.id ?? 0;
    series.set(signal, id);
    return id;
  };

  let state = initialState(bed);
  let config: AlarmConfig = PRESETS.adult;
  let seq = 0;
  const readings: { at: number; time: number; series: number; value: number | null; late: boolean }[] = [];
  const inputs: { at: number; type: string; input: object }[] = [];
  const events: AlarmEvent[] = [];

  const note = (happened: readonly AlarmEvent[]) => {
    for (const event of happened) events.push(event);
  };

  const storeAlarm = async (event: AlarmEvent): Promise<void> => {
    if (!('alarm' in event)) return;
    const { alarm } = event;
    const time = (ms: number | null) => (ms === null ? null : new Date(ms));
    await database.query(
      `insert into alarms (id, unit_id, bed_id, device_id, kind, condition, vital, type, priority, state, started_at,
         decided_at, acknowledged_at, ended_at, end_cause, value, limit_value, worst, recurrences, config)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       on conflict (id) do update set condition = excluded.condition, priority = excluded.priority,
         state = excluded.state, acknowledged_at = excluded.acknowledged_at, ended_at = excluded.ended_at,
         end_cause = excluded.end_cause, worst = excluded.worst, recurrences = excluded.recurrences`,
      [
        alarm.id,
        unit,
        bed,
        device,
        alarm.kind,
        alarm.condition,
        alarm.vital,
        condition(alarm.condition).type,
        alarm.priority,
        event.type === 'ended' ? 'ended' : alarm.state,
        time(alarm.startedAt),
        time(alarm.decidedAt),
        time(alarm.acknowledged?.at ?? null),
        event.type === 'ended' ? time(event.at) : null,
        event.type === 'ended' ? event.cause : null,
        alarm.value,
        alarm.limit,
        alarm.worst,
        alarm.recurrences,
        JSON.stringify(alarm.config),
      ],
    );
  };

  return {
    bed,
    device,
    seriesOf,
    state: () => state,
    /** What was announced and is not stored yet. */
    events,
    async message(at: number, values: Values, { time = at }: { time?: number } = {}): Promise<void> {
      const sent = Object.entries(values).map(([signal, value]) => ({
        mdc: VITALS[signal as VitalId].mdc,
        value: value ?? Number.NaN,
        quality: 0,
      }));
      const result = step(state, { type: 'vitals', at, time, readings: sent }, config);
      state = result.state;
      note(result.events);
      for (const [signal, value] of Object.entries(values)) {
        readings.push({ at, time, series: await seriesOf(signal), value, late: false });
      }
    },
    /** Never given to the engine. */
    async lateMessage(at: number, time: number, values: Values): Promise<void> {
      for (const [signal, value] of Object.entries(values)) {
        readings.push({ at, time, series: await seriesOf(signal), value, late: true });
      }
    },
    /** Told in the millisecond `ms`, as the station does half a millisecond later. */
    input(ms: number, told: Timeless): void {
      const input = { ...told, at: ms + 0.5 } as AlarmInput;
      if (input.type === 'occupied' || input.type === 'configured') config = input.config;
      const result = step(state, input, config);
      state = result.state;
      note(result.events);
      inputs.push({ at: input.at, type: input.type, input });
    },
    checkpoint(): void {
      inputs.push({ at: state.at, type: 'checkpoint', input: { state: writeState(state), config } });
    },
    tick(at: number): void {
      const result = step(state, { type: 'tick', at }, config);
      state = result.state;
      note(result.events);
    },
    /** As if the process had ended: what is not in it was not on disk. */
    crash(survivor: typeof state): void {
      state = survivor;
    },
    async store(): Promise<void> {
      await database.query(
        `insert into vitals (time, received_at, value, series_id, quality, late)
         select to_timestamp(time / 1000.0), to_timestamp(at / 1000.0), value, series, 0, late
         from unnest($1::float8[], $2::float8[], $3::float8[], $4::int[], $5::bool[]) as t (time, at, value, series, late)`,
        [
          readings.map(({ time }) => time),
          readings.map(({ at }) => at),
          readings.map(({ value }) => value),
          readings.map((reading) => reading.series),
          readings.map(({ late }) => late),
        ],
      );
      readings.length = 0;
      for (const { at, type, input } of inputs.splice(0)) {
        await database.query(
          `insert into alarm_inputs values ($1, $2, 0, to_timestamp($3::float8 / 1000.0), $4, $5, $6, $7, ${FORMAT})`,
          [journalId, seq++, at, unit, bed, type, JSON.stringify(input)],
        );
      }
      for (const event of events.splice(0)) {
        await database.query(
          `insert into alarm_events
           values ($1, $2, 0, to_timestamp($3::float8 / 1000.0), $4, $5, $6, $7, $8, $9, $10, ${FORMAT})`,
          [
            journalId,
            seq++,
            event.at,
            unit,
            bed,
            'alarm' in event ? event.alarm.id : null,
            event.type,
            event.by,
            'cause' in event ? event.cause : null,
            JSON.stringify(event),
          ],
        );
        await storeAlarm(event);
      }
    },
  };
};

export type History = Awaited<ReturnType<typeof createHistory>>;

/** A quarter of an hour with a bradycardia, a desaturation that latches, a probe off, a pause and a change of settings. */
export const livelyQuarter = async (history: History, start = START): Promise<number> => {
  const { device } = history;
  const until = start + 900_000;
  history.input(start, { type: 'occupied', device, encounter: null, config: PRESETS.adult });
  history.checkpoint();
  for (let second = 1; second < 900; second++) {
    const at = start + second * 1_000 + ((second * 37) % 211);
    const heartRate = second >= 100 && second < 140 ? 45 : 80;
    const spo2 = second >= 200 && second < 260 ? 78 : second >= 400 && second < 450 ? null : 97;
    await history.message(at, { 'heart-rate': heartRate, spo2 }, { time: at - 120.125 });
    if (second === 150) history.input(at, { type: 'device', batteryPercent: 12 });
    if (second === 270) acknowledge(history, at, 'spo2-low');
    if (second === 300) {
      history.input(at, { type: 'inactivate', by: 'nurse', what: 'audio-paused', kind: null, until: at + 60_000 });
    }
    if (second === 500) {
      const vitals = { ...PRESETS.adult.vitals, 'heart-rate': { ...PRESETS.adult.vitals['heart-rate'], high: 75 } };
      history.input(at, { type: 'configured', config: { ...PRESETS.adult, vitals } });
    }
    if (second === 600) history.input(at, { type: 'configured', config: PRESETS.adult });
  }
  await history.store();
  return until;
};

export const acknowledge = (history: History, at: number, kind: string): void => {
  const { vitals } = history.state();
  const open = vitals.flatMap((vital) => [vital?.low?.alarm, vital?.high?.alarm, vital?.signal]);
  const alarm = open.find((candidate) => candidate?.kind === kind);
  if (!alarm) throw new Error(`there is no alarm of kind ${kind}`);
  history.input(at, { type: 'acknowledge', by: 'nurse', alarm: alarm.id });
};

/** Changes of what can only be added to, as nobody should. */
export const plant = async (database: Database, statement: string, values: readonly unknown[] = []): Promise<void> => {
  const client = await database.connect();
  try {
    await client.query('begin');
    await client.query(`set local session_replication_role = 'replica'`);
    const { rowCount } = await client.query(statement, [...values]);
    if (rowCount !== 1) throw new Error(`planted in ${rowCount} rows`);
    await client.query('commit');
  } finally {
    client.release();
  }
};
