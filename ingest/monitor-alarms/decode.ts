import { MAX_ALARMS_OF_A_MESSAGE, MonitorAlarmInput } from '#contracts/mqtt/monitor-alarms.ts';
import type { ReportedAlarm } from '#domain/monitor-alarms/alarm.ts';
import { readFields } from '../entries.ts';
import { decodeMessages, type Envelope, finishMessage, type Message, takeEnvelope } from '../envelope.ts';
import { addFault, type Fault, isFault, label } from '../fault.ts';
import { Fields, type Value } from '../payload/value.ts';

/** Payload bytes of the channel `alarms` to what a monitor tells of its alarms. Never throws; a bad entry costs itself. */

export type AlarmsMessage = Message<ReportedAlarm> & {
  /** The message says that it names every alarm that is active, and each of its entries could be read. */
  readonly snapshot: boolean;
};

export type DecodedAlarms = { readonly messages: readonly AlarmsMessage[]; readonly faults: readonly Fault[] };

const FIELDS = [
  'id',
  'phase',
  'event',
  'code',
  'text',
  'priority',
  'type',
  'state',
  'inactivation',
  'source',
  'value',
  'unit',
  'limits',
] as const satisfies readonly (keyof MonitorAlarmInput)[];

const invalid = (name: string, why: string): Fault => ({ reason: 'alarm-invalid', detail: `${label(name)}: ${why}` });

/** What the entry is called when it is refused: its id, or its place in the message. */
const nameOf = ({ keys, values }: Fields, place: number): string => {
  const id = values[keys.indexOf('id')];
  return typeof id === 'string' || typeof id === 'number' ? `alarm ${id}` : `alarm at place ${place}`;
};

const textOf = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

const reportedOf = ({ id, ...told }: MonitorAlarmInput): ReportedAlarm => ({
  number: String(id),
  phase: told.phase,
  event: told.event ?? null,
  code: told.code ?? null,
  text: told.text ?? null,
  priority: told.priority ?? null,
  type: told.type ?? null,
  state: told.state ?? null,
  inactivation: told.inactivation ?? null,
  source: textOf(told.source),
  value: told.value ?? null,
  unit: told.unit ?? null,
  limits: told.limits ?? null,
});

const readAlarm = (input: Value, place: number): ReportedAlarm | Fault => {
  if (!(input instanceof Fields)) return invalid(`alarm at place ${place}`, 'not an object');
  const name = nameOf(input, place);
  const fields = readFields(name, input, FIELDS);
  if ('reason' in fields) return { reason: 'alarm-invalid', detail: fields.detail };
  const { data, error } = MonitorAlarmInput.safeParse(fields);
  if (data) return reportedOf(data);
  const [issue] = error.issues;
  return invalid(name, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
};

/** The alarms of a message. The message is whole when none of them was refused. */
const readAlarms = (input: Value, faults: Fault[]): { alarms: ReportedAlarm[]; isWhole: boolean } | undefined => {
  if (!Array.isArray(input)) return undefined;
  const inputs: readonly Value[] = input;
  if (inputs.length > MAX_ALARMS_OF_A_MESSAGE) {
    const detail = `${inputs.length} alarms in one message, at most ${MAX_ALARMS_OF_A_MESSAGE}`;
    addFault(faults, 'payload-invalid', detail);
    return { alarms: [], isWhole: false };
  }
  const alarms: ReportedAlarm[] = [];
  let isWhole = true;
  for (const [place, each] of inputs.entries()) {
    const alarm = readAlarm(each, place);
    if (!isFault(alarm)) alarms.push(alarm);
    else {
      isWhole = false;
      addFault(faults, alarm.reason, alarm.detail);
    }
  }
  return { alarms, isWhole };
};

const readSnapshot = (value: Value | undefined, faults: Fault[]): boolean => {
  if (typeof value === 'boolean') return value;
  if (value !== undefined && value !== null) addFault(faults, 'payload-invalid', 'snapshot: expected true or false');
  return false;
};

const readMessage = (input: Value, faults: Fault[]): AlarmsMessage | undefined => {
  if (!(input instanceof Fields)) {
    addFault(faults, 'payload-invalid', 'message: expected an object');
    return undefined;
  }
  const envelope: Envelope = {};
  const alarms: Value[] = [];
  const snapshots: Value[] = [];
  for (const [index, key] of input.keys.entries()) {
    const value = input.values[index] ?? null;
    if (key === 'alarms') alarms.push(value);
    else if (key === 'snapshot') snapshots.push(value);
    else takeEnvelope(envelope, key, value);
  }
  const [list] = alarms;
  const read = alarms.length === 1 && list !== undefined ? readAlarms(list, faults) : undefined;
  if (!read) {
    addFault(faults, 'payload-invalid', alarms.length > 1 ? 'alarms: is there twice' : 'alarms: expected an array');
    return undefined;
  }
  const isSnapshot = readSnapshot(snapshots.length > 1 ? 'twice' : snapshots[0], faults);
  if (isSnapshot && !read.isWhole) {
    addFault(faults, 'alarm-invalid', 'a snapshot with an entry that is refused ends no alarm');
  }
  const faultsBefore = faults.length;
  const message = finishMessage(envelope, read.alarms, faults);
  // Without its time or its number nobody can say of when a snapshot is.
  return { ...message, snapshot: isSnapshot && read.isWhole && faults.length === faultsBefore };
};

export const decodeAlarms = (payload: Buffer): DecodedAlarms => decodeMessages(payload, readMessage);
