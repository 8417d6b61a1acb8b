import { NO_READING } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isExpected } from '../standby.ts';
import type { AlarmState } from '../state.ts';
import { isStill } from '../stillness.ts';
import { endTechnical, openTechnical } from '../technical.ts';
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
const unchangedSince = ({ changedAt, resumedAt, expectedFrom }: AlarmState): number =>
  Math.max(changedAt, resumedAt, expectedFrom);

const freeze: DueAct = (transition, at) => {
  openTechnical(transition, ID, at, {
    condition: 'values-frozen',
    priority: conditions['values-frozen'].priority,
    startedAt: unchangedSince(transition.state),
    evidence: NO_READING,
  });
};

export const deviceFrozen: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, { frozenAfterMs = null }) {
    if (frozenAfterMs === null || state.technical[ID].alarm) return;
    const at = unchangedSince(state) + frozenAfterMs;
    // Nearly every event ends here: the silence of the device is due sooner.
    if (at >= due.at || !isStill(state) || !isExpected(state)) return;
    noteDue(due, at, freeze, 0);
  },
  on: {
    vitals(_event, transition, at) {
      const { changedAt, technical } = transition.state;
      if (technical[ID].alarm && changedAt === at) endTechnical(transition, ID, at);
    },
    configured({ config: { frozenAfterMs = null } }, transition, at) {
      if (frozenAfterMs !== null || !transition.state.technical[ID].alarm) return;
      endTechnical(transition, ID, at, 'limits-changed');
    },
  },
};
