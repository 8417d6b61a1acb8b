import { AT_ONCE, createToldKind, evidenceOf } from '../technical.ts';

/** `station-journal`: much of the journal is in use, for the database does not take what is in it. */

/** Share of the limit below which it is over. */
const HYSTERESIS_SHARE = 0.9;

export const stationJournal = createToldKind({
  id: 'station-journal',
  condition: 'journal-filling',
  priority: 'medium',
  label: { en: 'Journal filling', zh: '日志将满' },
  delayMs: AT_ONCE,
  on: (tell, isOpen) => ({
    station({ journalShare }, transition, at) {
      if (journalShare === undefined) return;
      const { journalFillingShare } = transition.config;
      const limit = isOpen(transition) ? journalFillingShare * HYSTERESIS_SHARE : journalFillingShare;
      tell(transition, at, journalShare >= limit, evidenceOf(journalShare, journalFillingShare));
    },
  }),
});
