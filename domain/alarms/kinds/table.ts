import { VITAL_IDS } from '../../vitals.ts';
import { TECHNICAL_KIND_IDS, type TechnicalKindId } from '../names.ts';
import type { AlarmConfig } from '../settings.ts';
import { burden } from './burden.ts';
import { change } from './change.ts';
import { deviceBattery } from './device-battery.ts';
import { deviceClock } from './device-clock.ts';
import { deviceData } from './device-data.ts';
import { deviceFrozen } from './device-frozen.ts';
import { deviceGap } from './device-gap.ts';
import { deviceLink } from './device-link.ts';
import { disagree } from './disagree.ts';
import { gatewayLink } from './gateway-link.ts';
import { high } from './high.ts';
import type { TechnicalKind, VitalKind } from './kind.ts';
import { createLimitKind } from './limit.ts';
import { low } from './low.ts';
import { pulseless } from './pulseless.ts';
import { createSignalKind } from './signal.ts';
import { stationDatabase } from './station-database.ts';
import { stationJournal } from './station-journal.ts';

/**
 * Every kind of alarm, in the order of the specification: when several are due at the same moment, the first kind is
 * decided first.
 */

const technical: Readonly<Record<TechnicalKindId, TechnicalKind>> = {
  'device-link': deviceLink,
  'device-data': deviceData,
  'device-battery': deviceBattery,
  'device-clock': deviceClock,
  'device-gap': deviceGap,
  'device-frozen': deviceFrozen,
  'gateway-link': gatewayLink,
  'station-journal': stationJournal,
  'station-database': stationDatabase,
};

export const TECHNICAL_KINDS: readonly TechnicalKind[] = TECHNICAL_KIND_IDS.map((id) => technical[id]);

/** The kinds that may be due while every technical track is idle, as nearly always. */
export const KINDS_DUE_IDLE = TECHNICAL_KINDS.filter(({ isDueOnlyOnTrack }) => !isDueOnlyOnTrack);

/** Kinds that decide by the value of a vital, and are inhibited without one. */
const valueKinds: readonly VitalKind[] = [createLimitKind(low), createLimitKind(high), change, burden, pulseless];

/** Every vital has these kinds, except where `idOf` says otherwise. All kinds of one vital come before those of the next. */
export const VITAL_KINDS: readonly VitalKind[] = [...valueKinds, disagree, createSignalKind({ inhibited: valueKinds })];

/** Of a vital without a course these are asked when they are next due: the others remember nothing that could be due. */
export const KINDS_WITHOUT_COURSE = VITAL_KINDS.filter(({ isOn }) => !isOn);

/** What runs at every reading, collected once so that no reading has to look for it. */
export const TRACKING = VITAL_KINDS.flatMap(({ track }) => track ?? []);
const ALWAYS_TRACKING = KINDS_WITHOUT_COURSE.flatMap(({ track }) => track ?? []);

const trackingByConfig = new WeakMap<AlarmConfig, readonly (typeof TRACKING)[]>();

/**
 * What runs at a reading of each vital by these settings, indexed by the vital's place in the catalogue. Without the kinds
 * that are off a calm reading costs a tenth less.
 */
export const trackingBy = (config: AlarmConfig): readonly (typeof TRACKING)[] => {
  const known = trackingByConfig.get(config);
  if (known) return known;
  const tracking = VITAL_IDS.map((id) =>
    VITAL_KINDS.some(({ isOn }) => isOn?.(config, id)) ? TRACKING : ALWAYS_TRACKING,
  );
  trackingByConfig.set(config, tracking);
  return tracking;
};

export const PASSING_OVER = VITAL_KINDS.flatMap(({ passOver }) => passOver ?? []);
export const DECIDING = VITAL_KINDS.flatMap(({ decide }) => decide ?? []);
export const FOLLOWING = VITAL_KINDS.flatMap(({ follow }) => follow ?? []);
