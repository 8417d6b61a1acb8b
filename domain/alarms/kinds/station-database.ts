import { createToldKind, forgetTechnical } from '../technical.ts';

/** `station-database`: the database does not take what is written. */

const ID = 'station-database';

export const stationDatabase = createToldKind({
  id: ID,
  condition: 'database-away',
  priority: 'low',
  label: { en: 'Database away', zh: '数据库不可用' },
  delayMs: ({ databaseAwayDelayMs }) => databaseAwayDelayMs,
  on: (tell) => ({
    station({ databaseAway }, transition, at) {
      if (databaseAway !== undefined) tell(transition, at, databaseAway);
    },
    resumed(_event, transition) {
      forgetTechnical(transition, ID);
    },
  }),
});
