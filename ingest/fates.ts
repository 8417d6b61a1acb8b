import { FATE_ENTRIES, type MessageFate, type TakenVital, type TakenWave } from '#contracts/http/message-fate.ts';
import type { DeviceMessage, MisplacedMessage } from '#contracts/ports/intake.ts';
import { QUALITIES } from '#domain/quality.ts';
import { vital, vitalByMdc } from '#domain/vitals.ts';
import { wave, waveByMdc } from '#domain/waveforms.ts';
import type { Fault } from './fault.ts';
import type { Block, Reading, Samples, VitalsRecord, WavesRecord } from './record.ts';
import type { Taken } from './take-measurements.ts';

/** What became of a message, in the form in which it is told. Only made while somebody follows its device. */

const TOLD_FAULTS = 16;

type Told = Pick<DeviceMessage, 'topic' | 'receivedAt' | 'payload' | 'qos'>;

const NOTHING_TAKEN = {
  bed: null,
  boot: null,
  seq: null,
  time: null,
  messages: 0,
  taken: 0,
  late: 0,
  vitals: [],
  waves: [],
  status: null,
} as const satisfies Partial<MessageFate>;

const headOf = ({ topic, receivedAt, payload, qos }: Told, faults: readonly Fault[]) => ({
  at: receivedAt,
  topic,
  qos: qos ?? null,
  bytes: payload.length,
  refused: faults.length,
  faults: faults.slice(0, TOLD_FAULTS).map(({ reason, detail }) => ({ reason, detail })),
});

const vitalOf = ({ mdc, value, quality }: Reading): TakenVital[] => {
  const id = vitalByMdc(mdc);
  if (id === undefined) return [];
  const told = { id, value: Number.isNaN(value) ? null : value, unit: vital(id).unit };
  return [quality === 0 ? told : { ...told, quality: QUALITIES[quality] }];
};

const waveOf = ({ mdc, rate, samples }: Samples): TakenWave[] => {
  const id = waveByMdc(mdc);
  return id === undefined ? [] : [{ id, rate, samples: samples.length, unit: wave(id).unit }];
};

/** The entries of all blocks, up to a bound: a device that was away sends thousands at once. */
const entriesOf = <Item, Entry>(blocks: readonly Block<Item>[], entryOf: (item: Item) => Entry[]): Entry[] => {
  const entries: Entry[] = [];
  for (const { items } of blocks) {
    for (const item of items) {
      if (entries.length >= FATE_ENTRIES) return entries;
      entries.push(...entryOf(item));
    }
  }
  return entries;
};

const sum = <Item>(blocks: readonly Block<Item>[]): number =>
  blocks.reduce((total, { items }) => total + items.length, 0);

const measuredOf = (records: readonly (VitalsRecord | WavesRecord)[]) => {
  const vitals = records.flatMap((record) => (record.kind === 'vitals' ? record.blocks : []));
  const waves = records.flatMap((record) => (record.kind === 'waves' ? record.blocks : []));
  const all: readonly Block<Reading | Samples>[] = [...vitals, ...waves];
  const newest = all.at(-1);
  return {
    bed: records.at(-1)?.source.bed ?? null,
    boot: newest?.boot || null,
    seq: newest === undefined || newest.seq < 0 ? null : newest.seq,
    time: newest?.time ?? null,
    messages: all.length,
    taken: sum(all),
    late: sum(all.filter(({ late }) => late)),
    vitals: entriesOf(vitals, vitalOf),
    waves: entriesOf(waves, waveOf),
  };
};

const statusOf = ({ status }: Taken): MessageFate['status'] => {
  if (!status) return null;
  const { state, battery, model, firmware, interval } = status;
  return { state, battery, model, firmware, interval };
};

/** What a monitor told of its own alarms: of its bed, in the decision, or of nobody who is there. */
const alarmsOf = ({ records, decision }: Taken) => {
  const told = [...records, ...(decision?.records ?? [])].filter((record) => record.kind === 'monitor');
  const reported = told.flatMap(({ inputs }) => inputs.flatMap((input) => (input.type === 'reported' ? [input] : [])));
  const newest = reported.at(-1);
  return {
    ...NOTHING_TAKEN,
    bed: told.at(-1)?.bed ?? null,
    boot: newest?.boot || null,
    seq: newest === undefined || newest.seq < 0 ? null : newest.seq,
    time: newest?.time ?? null,
    messages: reported.length,
    taken: reported.reduce((count, { alarms }) => count + alarms.length, 0),
    late: reported.filter(({ late }) => late).reduce((count, { alarms }) => count + alarms.length, 0),
  };
};

export const fateOf = (message: DeviceMessage, taken: Taken, isStored: boolean): MessageFate => {
  const records = taken.records.filter((record) => record.kind === 'vitals' || record.kind === 'waves');
  const { channel, isRepeat } = message;
  const status = statusOf(taken);
  return {
    ...headOf(message, taken.faults),
    ...(channel === 'alarms' ? alarmsOf(taken) : measuredOf(records)),
    ...(status ? { status, messages: 1 } : { status }),
    ...{ channel, isRepeat, isStored },
  };
};

/** Of a message on a topic that is not its sender's. */
export const fateOfMisplaced = (message: Omit<MisplacedMessage, 'reason' | 'detail'>, fault: Fault): MessageFate => ({
  ...headOf(message, [fault]),
  ...NOTHING_TAKEN,
  ...{ channel: null, isRepeat: false, isStored: true },
});
