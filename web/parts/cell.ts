import type { LatestValue, LatestVitals, LiveLimits } from '#contracts/live.ts';
import type { Inactivation } from '#domain/alarms/alarm.ts';
import type { Priority } from '#domain/alarms/conditions.ts';
import { type Freshness, freshness } from '#domain/freshness.ts';
import { type VitalId, vital } from '#domain/vitals.ts';
import { type AlarmTone, byUrgency, type Standing, toneOf } from '../shell/alarms/survey.ts';
import type { Phrase } from '../shell/text/en.ts';
import type { Voice } from '../shell/text/language.ts';
import { isLimitOff, limitsText } from './limits-text.ts';

/**
 * What one place of a tile shows. `tone` is for style alone: everything it says is also said in words.
 * `live`: as it is. `old`: with its age. `doubt`: the device is not sure. `blank`: no value, and `note` says why.
 */
export type CellView = {
  readonly label: string;
  readonly unit: string;
  readonly colour: string;
  readonly value: string;
  readonly mean: string;
  readonly note: string;
  readonly tone: 'live' | 'old' | 'doubt' | 'blank';
  /** Limits in force of what is shown. */
  readonly limits: string;
  /** An alarm of one of them is switched off. */
  readonly isLimitOff: boolean;
  /** Of the foremost alarm of this place. */
  readonly alarm: Priority | null;
  readonly alarmTone: AlarmTone | null;
  /** Path of the last hour; empty where there is none, and where something is to be said of the number. */
  readonly spark: string;
};

/** What is known of a bed. `standing`: its alarms, the most urgent first; `inactivations`: those in force. */
export type BedNumbers = {
  readonly vitals: LatestVitals;
  readonly limits: LiveLimits;
  readonly standing: readonly Standing[];
  readonly inactivations: readonly Inactivation[];
  readonly sparkOf?: (id: VitalId) => string;
  /** How often its device is expected to send; left out: continuously. */
  readonly intervalMs?: number | null;
};

/** A place can be filled by one source or another; a source is one vital, or a pressure with its parts. */
type Source = { readonly label: Phrase; readonly main: VitalId; readonly second?: VitalId; readonly mean?: VitalId };

/** `sources` in the order of preference; `usual` names the place while none has been heard. */
export type Slot = {
  readonly key: string;
  readonly sources: readonly Source[];
  readonly usual: Source;
  readonly always: boolean;
};

const HEART: Source = { label: 'rate', main: 'heart-rate' };
const PULSE: Source = { label: 'pulse', main: 'pulse-rate' };
const SPO2: Source = { label: 'spo2', main: 'spo2' };
const BREATH: Source = { label: 'respiration', main: 'respiratory-rate' };
const ARTERIAL: Source = { label: 'arterial', main: 'abp-systolic', second: 'abp-diastolic', mean: 'abp-mean' };
const CUFF: Source = { label: 'cuff', main: 'nibp-systolic', second: 'nibp-diastolic', mean: 'nibp-mean' };
const TEMPERATURE: Source = { label: 'temperature', main: 'temperature' };
const CO2: Source = { label: 'etco2', main: 'etco2' };

/** The places of a tile, the largest first. An optional place is left out until its vital has been heard. */
export const SLOTS: readonly Slot[] = [
  { key: 'rate', always: true, sources: [HEART, PULSE], usual: HEART },
  { key: 'spo2', always: true, sources: [SPO2], usual: SPO2 },
  { key: 'respiration', always: true, sources: [BREATH], usual: BREATH },
  { key: 'pressure', always: true, sources: [ARTERIAL, CUFF], usual: CUFF },
  { key: 'temperature', always: true, sources: [TEMPERATURE], usual: TEMPERATURE },
  { key: 'etco2', always: false, sources: [CO2], usual: CO2 },
];

const ageOf = (latest: LatestValue, nowMs: number): number => Math.max(0, nowMs - latest.time);

/** `intervalMs`: how often the device is expected to send. */
type Moment = { readonly nowMs: number; readonly intervalMs: number | null };

const freshnessOf = (id: VitalId, latest: LatestValue, { nowMs, intervalMs }: Moment): Freshness =>
  freshness(id, nowMs - latest.time, intervalMs);

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

const heardSource = ({ sources, usual }: Slot, vitals: LatestVitals): Source =>
  sources.find(({ main }) => vitals[main]) ?? usual;

const chooseSource = (slot: Slot, vitals: LatestVitals, moment: Moment): Source =>
  slot.sources.find(({ main }) => isShown(main, vitals[main], moment)) ?? heardSource(slot, vitals);

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

const blankCell = (source: Source, note: string, { text }: Voice): CellView => ({
  label: text[source.label],
  unit: text.units[vital(source.main).unit] ?? vital(source.main).unit,
  colour: vital(source.main).colour,
  value: text.blank,
  mean: '',
  note,
  tone: 'blank',
  limits: '',
  isLimitOff: false,
  alarm: null,
  alarmTone: null,
  spark: '',
});

type Marks = Pick<CellView, 'limits' | 'isLimitOff' | 'alarm' | 'alarmTone'>;

/** Alarms of what is shown here. Of another source of the place, only the alarm line tells: they are not of this number. */
const marksOf = (source: Source, bed: BedNumbers, voice: Voice): Marks => {
  const vitals = [source.main, source.second, source.mean];
  const seen = bed.standing.filter(({ alarm, signal }) => signal.isSeen && alarm.vital && vitals.includes(alarm.vital));
  const [first] = seen.toSorted(byUrgency);
  return {
    limits: limitsText(source.main, bed.limits, voice),
    isLimitOff: isLimitOff(source.main, bed.inactivations),
    alarm: first?.alarm.priority ?? null,
    alarmTone: first ? toneOf(first) : null,
  };
};

/** An intermittent value is told with its age from the first minute on, as bedside monitors do. */
const AGE_SHOWN_AFTER_MS = 60_000;

const noteOf = (latest: LatestValue, fresh: Freshness, nowMs: number, { text, age }: Voice): string => {
  const ageMs = ageOf(latest, nowMs);
  const aged = fresh === 'old' || ageMs >= AGE_SHOWN_AFTER_MS;
  const doubt = latest.quality === 'questionable' ? text.questionable : '';
  return [doubt, aged ? age(ageMs) : ''].filter(Boolean).join(' ');
};

/** `nowMs` is the server's time; undefined when it is not known or the link is lost, and then nothing is shown. */
export const cellView = (
  slot: Slot,
  bed: BedNumbers,
  nowMs: number | undefined,
  voice: Voice,
): CellView | undefined => {
  const { vitals } = bed;
  if (!slot.always && !slot.sources.some(({ main }) => vitals[main])) return undefined;
  if (nowMs === undefined) return blankCell(heardSource(slot, vitals), '', voice);
  const moment = { nowMs, intervalMs: bed.intervalMs ?? null };
  const source = chooseSource(slot, vitals, moment);
  const latest = vitals[source.main];
  const marks = marksOf(source, bed, voice);
  if (!isShown(source.main, latest, moment)) {
    return { ...blankCell(source, whyBlank(source.main, latest, moment, voice), voice), ...marks };
  }
  const fresh = freshnessOf(source.main, latest, moment);
  const main = voice.number(latest.value, vital(source.main).decimals);
  const second = source.second && (partText(source.second, latest, vitals, voice) || voice.text.blank);
  const note = noteOf(latest, fresh, nowMs, voice);
  return {
    ...blankCell(source, note, voice),
    ...marks,
    spark: note === '' ? (bed.sparkOf?.(source.main) ?? '') : '',
    value: second ? `${main}/${second}` : main,
    mean: partText(source.mean, latest, vitals, voice),
    tone: latest.quality === 'questionable' ? 'doubt' : fresh === 'old' ? 'old' : 'live',
  };
};
