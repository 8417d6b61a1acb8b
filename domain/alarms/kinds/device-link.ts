import { isSpot } from '../../interval.ts';
import { NO_READING } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isExpected } from '../standby.ts';
import { endTechnical, forgetTechnical, openTechnical } from '../technical.ts';
import { edit, putTechnical } from '../transition.ts';
import { deviceSilentAfterMs } from '../validity.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/** `device-link`: a device that had sent vitals sends nothing any more, or its connection is gone (D2). */

const ID = 'device-link';

export const conditions = {
  'device-silent': { type: 'technical', priority: 'medium', label: { en: 'Device sends nothing', zh: '设备无数据' } },
  'device-offline': { type: 'technical', priority: 'medium', label: { en: 'Device offline', zh: '设备离线' } },
} as const satisfies Conditions;

const loseLink: DueAct = (transition, at) => {
  const { state, config } = transition;
  const { since } = state.technical[ID];
  const isOffline = since !== null && since + config.deviceOfflineDelayMs <= at;
  const condition = isOffline ? 'device-offline' : 'device-silent';
  const startedAt = isOffline ? since : (state.heardAt ?? at);
  const { priority } = conditions[condition];
  openTechnical(transition, ID, at, { condition, priority, startedAt, evidence: NO_READING });
};

export const deviceLink: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, config) {
    const { since, alarm } = state.technical[ID];
    if (alarm || state.heardAt === null || !isExpected(state)) return;
    const heardAt = Math.max(state.heardAt, state.resumedAt, state.expectedFrom);
    noteDue(due, heardAt + deviceSilentAfterMs(config, state.intervalMs), loseLink, 0);
    // A device that sends seldom may end its connection between two messages.
    if (since === null || isSpot(state.intervalMs)) return;
    noteDue(due, Math.max(since, state.expectedFrom) + config.deviceOfflineDelayMs, loseLink, 0);
  },
  on: {
    device({ online }, transition, at) {
      const { since, alarm } = transition.state.technical[ID];
      if (online === undefined || alarm || online !== (since !== null)) return;
      putTechnical(transition, ID, { since: online ? null : at, alarm: null });
    },
    vitals(_event, transition, at) {
      const { since, alarm } = transition.state.technical[ID];
      if (since === null && !alarm) return;
      // D4: each vital has the whole time again to be heard.
      if (alarm) edit(transition).linkBackAt = at;
      endTechnical(transition, ID, at);
    },
    resumed(_event, transition) {
      forgetTechnical(transition, ID);
    },
  },
};
