import type { LiveDevice } from '#contracts/live.ts';
import { freshness } from '#domain/freshness.ts';
import { VITAL_IDS, vital } from '#domain/vitals.ts';
import type { BedState } from '../shell/live/state.ts';
import type { Voice } from '../shell/text/language.ts';

/**
 * What a device measures of which another one at the bed is the source, as `RR 14, SpO₂ 97`: kept in sight, so that the two
 * can be compared. A value that is too old to be shown is left out.
 */
export const othersText = (
  { others = {}, vitals }: Pick<BedState, 'vitals'> & Partial<Pick<BedState, 'others'>>,
  { id: device, intervalMs }: Pick<LiveDevice, 'id' | 'intervalMs'>,
  nowMs: number,
  { number }: Pick<Voice, 'number'>,
): string =>
  VITAL_IDS.flatMap((id) => {
    const latest = others[device]?.[id];
    if (!latest || latest.value === null || latest.quality === 'invalid' || vitals[id]?.source === device) return [];
    if (freshness(id, nowMs - latest.time, intervalMs) === 'stale') return [];
    return [`${vital(id).short} ${number(latest.value, vital(id).decimals)}`];
  }).join(', ');
