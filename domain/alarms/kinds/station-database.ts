import { createToldKind, forgetTechnical } from '../technical.ts';
import type { Conditions } from './level.ts';

/** `station-database`: the database does not accept what is written to it. */

const ID = 'station-database';

export const conditions = {
  'database-away': { type: 'technical', priority: 'low', label: { en: 'Database away', zh: '数据库不可用' } },
} as const satisfies Conditions;

export const stationDatabase = /* @__PURE__ */ createToldKind({
  id: ID,
  conditions,
  condition: 'database-away',
  delayMs: ({ databaseAwayDelayMs }) => databaseAwayDelayMs,
  on: (tell) => ({
    station({ databaseAway }, transition, at, place) {
      if (databaseAway !== undefined) tell(transition, at, place, databaseAway);
    },
    resumed(_event, transition, _at, place) {
      forgetTechnical(transition, place, ID);
    },
  }),
});
