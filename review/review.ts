import type { Review } from '#contracts/http/review.ts';
import type { Database } from '#platform/database.ts';

/** What recomputes is loaded when it is first asked for: a station that starts again has no time for it. */
export const createReview = ({ database }: { database: Database }): Review => {
  let isBusy = false;
  return {
    whatIf(question) {
      if (isBusy) return undefined;
      isBusy = true;
      return import('./what-if.ts')
        .then(({ askWhatIf }) => askWhatIf(database, question))
        .finally(() => {
          isBusy = false;
        });
    },
    async burden(question) {
      const { readBurden } = await import('./burden.ts');
      return await readBurden(database, question);
    },
  };
};
