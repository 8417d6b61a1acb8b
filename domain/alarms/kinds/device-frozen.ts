import { NO_READING } from '../announce.ts';
import type { DeviceState } from '../device-state.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isExpected } from '../standby.ts';
import { isStill } from '../stillness.ts';
import { endTechnical, openTechnical } from '../technical.ts';
import { trackOf } from '../transition.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/** `device-frozen`: the device goes on sending, and nothing that it sends changes (D11). */

const ID = 'device-frozen';

export const conditions = {
  'values-frozen': {
    type: 'technical',
    priority: 'low',
    label: { en: 'Values do not change: check the device', zh: '数值不变：请检查设备' },
  },
} as const satisfies Conditions;

/** Since when nothing has changed. What was before the station started, or before data was expected, does not count. */
const unchangedSince = ({ changedAt, expectedFrom }: DeviceState, resumedAt: number): number =>
  Math.max(changedAt, resumedAt, expectedFrom);

const freeze: DueAct = (transition, at, place) => {
  const { devices, resumedAt } = transition.state;
  const device = devices[place];
  openTechnical(transition, place, ID, at, {
    condition: 'values-frozen',
    priority: conditions['values-frozen'].priority,
    startedAt: device ? unchangedSince(device, resumedAt) : at,
    evidence: NO_READING,
  });
};

export const deviceFrozen: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, { frozenAfterMs = null }, device, place) {
    if (frozenAfterMs === null || device.technical[ID].alarm) return;
    const at = unchangedSince(device, state.resumedAt) + frozenAfterMs;
    // Nearly every event ends here: the silence of the device is due sooner.
    if (at >= due.at || !isStill(state, device) || !isExpected(state, device)) return;
    noteDue(due, at, freeze, place);
  },
  on: {
    vitals(_event, transition, at, place) {
      const device = transition.state.devices[place];
      if (device?.technical[ID].alarm && device.changedAt === at) endTechnical(transition, place, ID, at);
    },
    configured({ config: { frozenAfterMs = null } }, transition, at, place) {
      if (frozenAfterMs !== null || !trackOf(transition, place, ID).alarm) return;
      endTechnical(transition, place, ID, at, 'limits-changed');
    },
  },
};
