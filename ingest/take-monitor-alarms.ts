import type { DeviceMessage } from '#contracts/ports/intake.ts';
import { type AlarmsMessage, decodeAlarms } from './monitor-alarms/decode.ts';
import type { MonitorAlarms, Reported } from './monitor-alarms/monitor-alarms.ts';
import type { MonitorRecord, Source } from './record.ts';
import type { Refuse } from './refusing.ts';
import type { Registry } from './registry.ts';
import type { Taken } from './take-measurements.ts';
import type { Timed, Timing } from './timing.ts';

export type TakeMonitorAlarmsDependencies = {
  readonly registry: () => Registry;
  readonly timing: Timing;
  readonly monitorAlarms: Pick<MonitorAlarms, 'report'>;
  readonly refuse: Refuse;
};

/** What a message told, and of whom it is. */
type Told = { readonly source: Source; readonly reported: Reported };

const toldBy = (
  device: string,
  { snapshot }: AlarmsMessage,
  { block, source }: Timed<AlarmsMessage['items'][number]>,
): Told => {
  const { boot, seq, time, late, items } = block;
  return { source, reported: { type: 'reported', device, boot, seq, time, late, snapshot, alarms: [...items] } };
};

/** What was told of who is not there any more, or of nobody who is known: it is kept, and decides nothing. */
const keptRecord = (device: string, at: number, told: readonly Told[]): MonitorRecord => ({
  kind: 'monitor',
  receivedAt: at,
  ...{ unit: null, bed: null, device, encounter: told[0]?.source.encounter ?? null },
  sequences: [],
  inputs: told.map(({ reported }) => ({ ...reported, at })),
  ...{ events: [], checkpoint: null },
});

/** Takes in what a monitor tells of its own alarms. */
export const takeMonitorAlarms = (
  { registry, timing, monitorAlarms, refuse }: TakeMonitorAlarmsDependencies,
  message: DeviceMessage,
): Taken => {
  const { device, receivedAt, isRepeat, payload } = message;
  const { messages, faults } = decodeAlarms(payload);
  const allFaults = [...faults];
  const arrival = { device, channel: 'alarms', receivedAt, isRepeat } as const;
  timing.hear(arrival, messages);
  const present = registry().sourceAt(device, receivedAt);
  const told = messages.map((each) => toldBy(device, each, timing.time(arrival, each, 0, allFaults)));
  const sequences = told.flatMap(({ reported: { boot, seq } }) => (seq >= 0 ? [{ device, boot, seq }] : []));
  const isOfNow = ({ source }: Told): boolean => source === present && present.bed !== null;
  const ofNow = told.filter(isOfNow).map(({ reported }) => reported);
  const others = told.filter((each) => !isOfNow(each));
  const decision = ofNow.length > 0 ? monitorAlarms.report(present, receivedAt, ofNow, sequences) : undefined;
  const kept = keptRecord(device, receivedAt, decision ? others : told);
  const isKept = kept.inputs.length > 0;
  return {
    records: [...(isKept ? [decision ? kept : { ...kept, sequences }] : []), ...refuse(message, allFaults)],
    decision,
    faults: allFaults,
  };
};
