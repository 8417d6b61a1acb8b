import { NEVER } from '../device-state.ts';
import { type Due, type DueAct, noteDue } from '../due.ts';
import { isWatched } from '../levels.ts';
import { signalKind } from '../names.ts';
import { FIO2, followOxygen } from '../oxygen.ts';
import { loseSignal, regainSignal } from '../probes.ts';
import type { AlarmConfig } from '../settings.ts';
import { isExpected } from '../standby.ts';
import { type AlarmState, sourceOf, type VitalState } from '../state.ts';
import { editVital } from '../transition.ts';
import { followed, IS_CONTINUOUS } from '../validity.ts';
import type { VitalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/**
 * `{vital}-signal`: there is no value, none of good quality, or no reading of the vital at all (D1). Lost sensors have
 * low priority (Philips INOP).
 */

export const conditions = {
  'sensor-off': {
    type: 'technical',
    priority: 'low',
    label: { en: 'sensor off', zh: '传感器脱落' },
    isOfAnyVital: true,
  },
  'signal-poor': {
    type: 'technical',
    priority: 'low',
    label: { en: 'poor signal', zh: '信号质量差' },
    isOfAnyVital: true,
  },
  'no-data': { type: 'technical', priority: 'low', label: { en: 'no data', zh: '无数据' }, isOfAnyVital: true },
} as const satisfies Conditions;

type Sources = {
  /** The kinds that decide by the value, and are inhibited without one. */
  readonly inhibited: readonly VitalKind[];
};

/** Creates what the kind does when something is due. */
const createActs = ({ inhibited }: Sources) => {
  const inhibit: DueAct = (transition, at, index) => {
    for (const kind of inhibited) kind.inhibit?.(transition, index, at);
  };
  /** Opens the alarm of the signal, and inhibits the limits when there is no value to decide by (D1, D3). */
  const createLose =
    (condition: keyof typeof conditions, startOf: (vital: VitalState) => number | null): DueAct =>
    (transition, at, index) => {
      const vital = transition.state.vitals[index];
      if (!vital) return;
      const { priority } = conditions[condition];
      loseSignal(transition, index, at, { condition, priority }, startOf(vital) ?? at);
      if (!vital.isUsable || vital.isStale) inhibit(transition, at, index);
    };
  /** The newest reading is now too old to be valid. */
  const growStale: DueAct = (transition, at, index) => {
    const vital = editVital(transition, index);
    if (!vital) return;
    vital.isStale = true;
    vital.noValueSince = null;
    vital.poorSince = null;
    vital.unusableSince = null;
    inhibit(transition, at, index);
    if (index === FIO2) followOxygen(transition, at);
  };
  return {
    isGoing: (vital: VitalState) => inhibited.some((kind) => kind.isGoing?.(vital)),
    inhibit,
    growStale,
    loseSensor: createLose('sensor-off', ({ noValueSince }) => noValueSince),
    losePoor: createLose('signal-poor', ({ poorSince }) => poorSince),
    loseData: createLose('no-data', ({ heardAt }) => heardAt),
  };
};

type Acts = ReturnType<typeof createActs>;

/** D3: the alarm of a lost signal is open already; only what still goes on by its last value is left to inhibit. */
const noteLost = (acts: Acts, due: Due, config: AlarmConfig, vital: VitalState, index: number): void => {
  if (vital.unusableSince === null || !acts.isGoing(vital)) return;
  noteDue(due, vital.unusableSince + config.sensorOffDelayMs, acts.inhibit, index);
};

const noteSignal = (
  acts: Acts,
  due: Due,
  state: AlarmState,
  config: AlarmConfig,
  vital: VitalState,
  index: number,
): void => {
  const { silentAfterMs } = config;
  const setMs = IS_CONTINUOUS[index] ? silentAfterMs.continuous : silentAfterMs.intermittent;
  const source = sourceOf(state, vital);
  const validMs = followed(setMs, source?.intervalMs ?? null);
  const heardAt = Math.max(vital.heardAt, state.resumedAt);
  if (!vital.isStale) {
    noteDue(due, heardAt + validMs, acts.growStale, index);
    // Nearly every vital ends here: its alarm for want of data is not due before its last value is too old.
    if (!vital.isLost && vital.noValueSince === null && vital.poorSince === null) return;
  }
  if (vital.isLost) {
    noteLost(acts, due, config, vital, index);
    return;
  }
  if (!isExpected(state, source) || !isWatched(index, config)) return;
  if (vital.noValueSince !== null) noteDue(due, vital.noValueSince + config.sensorOffDelayMs, acts.loseSensor, index);
  if (vital.poorSince !== null) noteDue(due, vital.poorSince + config.signalPoorDelayMs, acts.losePoor, index);
  // H5: nobody expects data of a device that a person took away.
  if (vital.heardAt === NEVER || !source || source.technical['device-link'].alarm !== null) return;
  noteDue(due, Math.max(heardAt, source.linkBackAt) + validMs, acts.loseData, index);
};

export const createSignalKind = (sources: Sources): VitalKind => {
  const acts = createActs(sources);
  return {
    idOf: signalKind,
    conditions,
    findDue: (due, state, config, vital, index) => noteSignal(acts, due, state, config, vital, index),
    unwatch: (transition, index, at) => regainSignal(transition, index, at, 'limits-changed'),
    alarmOf: ({ signal }) => signal,
    putAlarm(transition, index, alarm) {
      const vital = editVital(transition, index);
      if (vital) vital.signal = alarm;
    },
  };
};
