import { isSpot } from '../../interval.ts';
import { NO_READING } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isExpected } from '../standby.ts';
import { endTechnical, forgetTechnical, openTechnical } from '../technical.ts';
import { editDevice, putTechnical, trackOf } from '../transition.ts';
import { deviceSilentAfterMs } from '../validity.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/** `device-link`: a device that had sent vitals sends nothing any more, or its connection is gone (D2). */

const ID = 'device-link';

export const conditions = {
  'device-silent': { type: 'technical', priority: 'medium', label: { en: 'Device sends nothing', zh: '设备无数据' } },
  'device-offline': { type: 'technical', priority: 'medium', label: { en: 'Device offline', zh: '设备离线' } },
} as const satisfies Conditions;

const loseLink: DueAct = (transition, at, place) => {
  const { since } = trackOf(transition, place, ID);
  const isOffline = since !== null && since + transition.config.deviceOfflineDelayMs <= at;
  const condition = isOffline ? 'device-offline' : 'device-silent';
  const startedAt = isOffline ? since : (transition.state.devices[place]?.heardAt ?? at);
  const { priority } = conditions[condition];
  openTechnical(transition, place, ID, at, { condition, priority, startedAt, evidence: NO_READING });
};

export const deviceLink: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, config, device, place) {
    const { technical, heardAt, expectedFrom, intervalMs } = device;
    const { since, alarm } = technical[ID];
    if (alarm || heardAt === null || !isExpected(state, device)) return;
    const silentFrom = Math.max(heardAt, state.resumedAt, expectedFrom);
    noteDue(due, silentFrom + deviceSilentAfterMs(config, intervalMs), loseLink, place);
    // A device that sends seldom may end its connection between two messages.
    if (since === null || isSpot(intervalMs)) return;
    noteDue(due, Math.max(since, expectedFrom) + config.deviceOfflineDelayMs, loseLink, place);
  },
  on: {
    device({ online }, transition, at, place) {
      const { since, alarm } = trackOf(transition, place, ID);
      if (online === undefined || alarm || online !== (since !== null)) return;
      putTechnical(transition, place, ID, { since: online ? null : at, alarm: null });
    },
    vitals(_event, transition, at, place) {
      const { since, alarm } = trackOf(transition, place, ID);
      if (since === null && !alarm) return;
      // D4: each vital has the whole time again to be heard.
      if (alarm) editDevice(transition, place).linkBackAt = at;
      endTechnical(transition, place, ID, at);
    },
    resumed(_event, transition, _at, place) {
      forgetTechnical(transition, place, ID);
    },
  },
};
