import type { LatestValue, LatestVitals, LiveDevice, LiveLimits } from '#contracts/live.ts';
import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import { type Freshness, freshness } from '#domain/freshness.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { type ActiveAlarm, type AlarmTone, byUrgency, toneOf } from '../shell/alarms/survey.ts';
import type { Voice } from '../shell/text/language.ts';
import { type Row, type Slot, shortName, unitText } from './display.ts';
import { isLimitOff, limitsText } from './limits-text.ts';

/**
 * What one place of a tile shows. `tone` is for style alone: everything it says is also said in words.
 * `live`: as it is. `old`: with its age. `uncertain`: the device is not sure. `blank`: no value, and `note` says why.
 */
export type CellView = {
  readonly label: string;
  readonly unit: string;
  readonly colour: string;
  readonly value: string;
  readonly mean: string;
  readonly note: string;
  readonly tone: 'live' | 'old' | 'uncertain' | 'blank';
  /** Limits in force of what is shown. */
  readonly limits: string;
  /** An alarm of one of them is switched off. */
  readonly isLimitOff: boolean;
  /** The priority of the foremost alarm of this place. */
  readonly alarm: Priority | null;
  readonly alarmTone: AlarmTone | null;
  /** What the number comes from, where the bed has several devices; empty else. */
  readonly source: string;
  /** Path of the last hour; empty where there is none, and where something is to be said of the number. */
  readonly spark: string;
};

/** What is known of a bed. `active`: its alarms, the most urgent first; `inactivations`: those in force. */
export type BedNumbers = {
  readonly vitals: LatestVitals;
  readonly limits: LiveLimits;
  readonly active: readonly ActiveAlarm[];
  readonly inactivations: readonly Inactivation[];
  readonly sparkOf?: (id: VitalId) => string;
  /** Its devices, the one that came first first; without any the values are of one that sends continuously. */
  readonly devices?: readonly Pick<LiveDevice, 'id' | 'role' | 'intervalMs'>[];
};

const ageOf = (latest: LatestValue, nowMs: number): number => Math.max(0, nowMs - latest.time);

type Moment = { readonly nowMs: number; readonly devices: NonNullable<BedNumbers['devices']> };

/** The device that the value comes from. */
const sourceOf = ({ source }: LatestValue, devices: Moment['devices']) =>
  source === undefined ? devices[0] : devices.find(({ id }) => id === source);

const freshnessOf = (id: VitalId, latest: LatestValue, { nowMs, devices }: Moment): Freshness =>
  freshness(id, nowMs - latest.time, sourceOf(latest, devices)?.intervalMs ?? null);

/** A number that may be drawn now. */
const isShown = (
  id: VitalId,
  latest: LatestValue | undefined,
  moment: Moment,
): latest is LatestValue & { value: number } =>
  latest !== undefined &&
  latest.value !== null &&
  latest.quality !== 'invalid' &&
  freshnessOf(id, latest, moment) !== 'stale';

const heardRow = ({ rows, usual }: Slot, vitals: LatestVitals): Row => rows.find(({ main }) => vitals[main]) ?? usual;

const chooseRow = (slot: Slot, vitals: LatestVitals, moment: Moment): Row =>
  slot.rows.find(({ main }) => isShown(main, vitals[main], moment)) ?? heardRow(slot, vitals);

const whyBlank = (id: VitalId, latest: LatestValue | undefined, moment: Moment, { text, age }: Voice): string => {
  if (!latest) return text.noData;
  if (freshnessOf(id, latest, moment) === 'stale') return text.noDataFor(age(ageOf(latest, moment.nowMs)));
  if (latest.value !== null) return text.invalid;
  return vital(id).measured === 'continuous' ? text.noSignal : text.notMeasured;
};

/** A part of a pressure, when it belongs to the same measurement as the main part. */
const partText = (id: VitalId | undefined, main: LatestValue, vitals: LatestVitals, { number }: Voice): string => {
  const part = id && vitals[id];
  if (!part || part.value === null || part.quality === 'invalid' || part.time !== main.time) return '';
  return number(part.value, vital(id).decimals);
};

const blankCell = (row: Row, note: string, { text }: Voice): CellView => ({
  label: shortName(row, text),
  unit: unitText(row.main, text),
  colour: vital(row.main).colour,
  value: text.blank,
  mean: '',
  note,
  tone: 'blank',
  limits: '',
  isLimitOff: false,
  alarm: null,
  alarmTone: null,
  source: '',
  spark: '',
});

/** At a bed with one device there is nothing to be said. */
const sourceText = (latest: LatestValue | undefined, { devices }: Moment, { text }: Voice): string => {
  if (latest?.source === undefined) return '';
  const device = sourceOf(latest, devices);
  return device ? text.roles[device.role] : latest.source;
};

type Marks = Pick<CellView, 'limits' | 'isLimitOff' | 'alarm' | 'alarmTone'>;

/** Alarms of what is shown here. Those of another row of the place stand in the alarm line alone: they are not of this number. */
const marksOf = ({ main, vitals }: Row, bed: BedNumbers, voice: Voice): Marks => {
  const seen = bed.active.filter(({ alarm, signal }) => signal.isSeen && alarm.vital && vitals.includes(alarm.vital));
  const [first] = seen.toSorted(byUrgency);
  return {
    limits: limitsText(main, bed.limits, voice),
    isLimitOff: isLimitOff(main, bed.inactivations),
    alarm: first?.alarm.priority ?? null,
    alarmTone: first ? toneOf(first) : null,
  };
};

/** An intermittent value is told with its age from the first minute on, as bedside monitors do. */
const AGE_SHOWN_AFTER_MS = 60_000;

const noteOf = (latest: LatestValue, fresh: Freshness, nowMs: number, { text, age }: Voice): string => {
  const ageMs = ageOf(latest, nowMs);
  const aged = fresh === 'old' || ageMs >= AGE_SHOWN_AFTER_MS;
  const uncertain = latest.quality === 'questionable' ? text.questionable : '';
  return [uncertain, aged ? age(ageMs) : ''].filter(Boolean).join(' ');
};

/** `nowMs` is the server's time; undefined when it is not known or the link is lost, and then nothing is shown. */
export const cellView = (
  slot: Slot,
  bed: BedNumbers,
  nowMs: number | undefined,
  voice: Voice,
): CellView | undefined => {
  const { vitals } = bed;
  if (!slot.isAlways && !slot.rows.some(({ main }) => vitals[main])) return undefined;
  if (nowMs === undefined) return blankCell(heardRow(slot, vitals), '', voice);
  const moment = { nowMs, devices: bed.devices ?? [] };
  const row = chooseRow(slot, vitals, moment);
  const latest = vitals[row.main];
  const marks = { ...marksOf(row, bed, voice), source: sourceText(latest, moment, voice) };
  if (!isShown(row.main, latest, moment)) {
    return { ...blankCell(row, whyBlank(row.main, latest, moment, voice), voice), ...marks };
  }
  const fresh = freshnessOf(row.main, latest, moment);
  const main = voice.number(latest.value, vital(row.main).decimals);
  const diastolic = row.diastolic && (partText(row.diastolic, latest, vitals, voice) || voice.text.blank);
  const note = noteOf(latest, fresh, nowMs, voice);
  return {
    ...blankCell(row, note, voice),
    ...marks,
    spark: note === '' ? (bed.sparkOf?.(row.main) ?? '') : '',
    value: diastolic ? `${main}/${diastolic}` : main,
    mean: partText(row.mean, latest, vitals, voice),
    tone: latest.quality === 'questionable' ? 'uncertain' : fresh === 'old' ? 'old' : 'live',
  };
};
