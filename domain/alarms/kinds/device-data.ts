import { unheardAfterMs } from '../../interval.ts';
import { NO_READING } from '../announce.ts';
import type { DeviceState } from '../device-state.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isOnStandby } from '../standby.ts';
import { endTechnical, openTechnical } from '../technical.ts';
import { trackOf } from '../transition.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/** `device-data`: a device is at the bed, and no data of it was ever heard there (D8, H6). */

const ID = 'device-data';

export const conditions = {
  'not-monitored': { type: 'technical', priority: 'medium', label: { en: 'Not monitored', zh: '未监护' } },
  'device-unheard': { type: 'technical', priority: 'low', label: { en: 'No data of this device', zh: '该设备无数据' } },
} as const satisfies Conditions;

const wasHeard = ({ heardAt }: DeviceState): boolean => heardAt !== null;

const missData: DueAct = (transition, at, place) => {
  const { devices, resumedAt } = transition.state;
  const condition = devices.some(wasHeard) ? 'device-unheard' : 'not-monitored';
  openTechnical(transition, place, ID, at, {
    condition,
    priority: conditions[condition].priority,
    startedAt: Math.max(resumedAt, devices[place]?.expectedFrom ?? at),
    evidence: NO_READING,
  });
};

export const deviceData: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, config, { id, heardAt, expectedFrom, intervalMs, technical }, place) {
    if (heardAt !== null || config.rules < 2 || id === null || technical[ID].alarm || isOnStandby(state)) return;
    // A bed that no device watches is one alarm, whatever number of devices it has.
    if (place > 0 && !state.devices.some(wasHeard)) return;
    const delayMs = Math.max(config.notMonitoredAfterMs, unheardAfterMs(intervalMs));
    noteDue(due, Math.max(state.resumedAt, expectedFrom) + delayMs, missData, place);
  },
  on: {
    vitals(_event, transition, at, place) {
      for (let other = 0; other < transition.state.devices.length; other++) {
        const { alarm } = trackOf(transition, other, ID);
        if (alarm && (other === place || alarm.condition === 'not-monitored')) endTechnical(transition, other, ID, at);
      }
    },
  },
};
