import { AT_ONCE, createToldKind, evidenceOf } from '../technical.ts';
import type { Conditions } from './level.ts';

/** `station-journal`: much of the journal is in use, because the database does not take in its records. */

/** The condition ends below this share of the limit. */
const HYSTERESIS_SHARE = 0.9;

export const conditions = {
  'journal-filling': { type: 'technical', priority: 'medium', label: { en: 'Journal filling', zh: '日志将满' } },
} as const satisfies Conditions;

export const stationJournal = /* @__PURE__ */ createToldKind({
  id: 'station-journal',
  conditions,
  condition: 'journal-filling',
  delayMs: AT_ONCE,
  on: (tell, isOpen) => ({
    station({ journalShare }, transition, at, place) {
      if (journalShare === undefined) return;
      const { journalFillingShare } = transition.config;
      const limit = isOpen(transition, place) ? journalFillingShare * HYSTERESIS_SHARE : journalFillingShare;
      tell(transition, at, place, journalShare >= limit, evidenceOf(journalShare, journalFillingShare));
    },
  }),
});
