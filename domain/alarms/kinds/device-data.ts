import { unheardAfterMs } from '../../interval.ts';
import { NO_READING } from '../announce.ts';
import { type DueAct, noteDue } from '../due.ts';
import { isOnStandby } from '../standby.ts';
import { endTechnical, openTechnical } from '../technical.ts';
import type { TechnicalKind } from './kind.ts';
import type { Conditions } from './level.ts';

/** `device-data`: a device is at the bed, and no data of it was ever heard there (D8). */

const ID = 'device-data';

export const conditions = {
  'not-monitored': { type: 'technical', priority: 'medium', label: { en: 'Not monitored', zh: '未监护' } },
} as const satisfies Conditions;

const missData: DueAct = (transition, at) => {
  const { resumedAt, expectedFrom } = transition.state;
  openTechnical(transition, ID, at, {
    condition: 'not-monitored',
    priority: conditions['not-monitored'].priority,
    startedAt: Math.max(resumedAt, expectedFrom),
    evidence: NO_READING,
  });
};

export const deviceData: TechnicalKind = {
  id: ID,
  conditions,
  findDue(due, state, config) {
    const { device, heardAt, resumedAt, expectedFrom, intervalMs, technical } = state;
    if (heardAt !== null || config.rules < 2 || device === null || technical[ID].alarm || isOnStandby(state)) return;
    const delayMs = Math.max(config.notMonitoredAfterMs, unheardAfterMs(intervalMs));
    noteDue(due, Math.max(resumedAt, expectedFrom) + delayMs, missData, 0);
  },
  on: {
    vitals(_event, transition, at) {
      if (transition.state.technical[ID].alarm) endTechnical(transition, ID, at);
    },
  },
};
