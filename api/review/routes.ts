import { Problem } from '#contracts/http/problem.ts';
import { WHAT_IF_LINES, WhatIf, WhatIfProposal } from '#contracts/http/review.ts';
import { listBeds, requireBed } from '../beds/queries.ts';
import type { ApiApp, RouteDeps } from '../http/route.ts';
import { ById, findErrors } from '../http/schemas.ts';
import { requireUnit } from '../units/queries.ts';
import { burdenRoute } from './burden.ts';
import { answerWhatIf, questionOf } from './what-if-answer.ts';

const tags = ['Alarm review'];

const whatIfReplies = {
  200: {
    description: `The comparison. With \`Accept: ${WHAT_IF_LINES}\`: lines of \`{"done": 0.4, "bed": "…"}\`, then \`{"result": …}\` or \`{"problem": …}\``,
    content: { 'application/json': { schema: WhatIf } },
  },
  429: { description: 'Another is being worked on', content: { 'application/problem+json': { schema: Problem } } },
  ...findErrors,
} as const;

type Deps = Pick<RouteDeps, 'database' | 'clock' | 'review'>;

const bedWhatIfRoute = (app: ApiApp, { database, clock, review }: Deps): void => {
  app.post(
    '/beds/:id/what-if',
    {
      schema: {
        tags,
        summary: 'The alarms of a bed over past hours with other settings',
        params: ById,
        body: WhatIfProposal,
        response: whatIfReplies,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await requireBed(database, id);
      return answerWhatIf(review, questionOf(request.body, [id], clock), request, reply);
    },
  );
};

const unitWhatIfRoute = (app: ApiApp, { database, clock, review }: Deps): void => {
  app.post(
    '/units/:id/what-if',
    {
      schema: {
        tags,
        summary: 'The alarms of all beds of a unit over past hours with other settings',
        params: ById,
        body: WhatIfProposal,
        response: whatIfReplies,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await requireUnit(database, id);
      const beds = (await listBeds(database, { unit: id })).map((bed) => bed.id);
      return answerWhatIf(review, questionOf(request.body, beds, clock), request, reply);
    },
  );
};

/** Alarms looked back at: with other settings, and how many they were. */
export const reviewRoutes = (app: ApiApp, deps: Deps): void => {
  bedWhatIfRoute(app, deps);
  unitWhatIfRoute(app, deps);
  burdenRoute(app, deps);
};
