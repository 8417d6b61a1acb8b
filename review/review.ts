import type { Review } from '#contracts/http/review.ts';
import type { Database } from '#platform/database.ts';
import { readBurden } from './burden.ts';
import { askWhatIf } from './what-if.ts';

export const createReview = ({ database }: { database: Database }): Review => {
  let isBusy = false;
  return {
    whatIf(question) {
      if (isBusy) return undefined;
      isBusy = true;
      return askWhatIf(database, question).finally(() => {
        isBusy = false;
      });
    },
    burden: (question) => readBurden(database, question),
  };
};
