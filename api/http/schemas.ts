import { z } from 'zod';
import { AlarmId } from '#contracts/http/alarms.ts';
import { MAX_ROW_NUMBER } from '#contracts/http/fields.ts';
import { Problem } from '#contracts/http/problem.ts';
import { Time } from '#contracts/http/time.ts';
import { Id } from '#domain/id.ts';
import type { WallClock } from '#platform/clock.ts';
import { invalid } from './problems.ts';

/** What the routes share. */

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

/** Error replies by what a route does. All of them may answer 400, 401 and 503. */
const COMMON = {
  400: problem('The request is invalid; every fault is listed'),
  401: problem('Not signed in'),
  503: problem('The database is away; live goes on'),
} as const;

export const readErrors = COMMON;
export const findErrors = { ...COMMON, 404: problem('There is no such thing') } as const;
export const writeErrors = {
  ...findErrors,
  403: problem('This needs the role operator'),
  409: problem('It is in the way of another'),
} as const;
/** Error replies of a write that takes `If-Match`. */
export const matchErrors = { ...writeErrors, 412: problem('It is no longer as it was read') } as const;

export const ByAlarm = z.object({ id: AlarmId });
export const ById = z.object({ id: Id });
export const ByNumber = z.object({ id: z.coerce.number().int().positive().max(MAX_ROW_NUMBER) });

export const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const DAY_MS = 24 * 60 * 60_000;
const MAX_RANGE_DAYS = 400;

export const Range = { from: Time, to: Time.optional().describe('default: now') } as const;

/** [fromMs, toMs) of a query with `Range` in it. */
export const rangeOf = ({ from, to }: { from: string; to?: string | undefined }, clock: WallClock) => {
  const fromMs = Date.parse(from);
  const toMs = to === undefined ? clock.now() : Date.parse(to);
  if (fromMs >= toMs) throw invalid('from must be before to');
  if (toMs - fromMs > MAX_RANGE_DAYS * DAY_MS) throw invalid(`a range has at most ${MAX_RANGE_DAYS} days`);
  return { fromMs, toMs };
};

/** Some of the ids of a catalogue, by comma; all of them when left out. */
export const listOf = <Value extends string>(ids: readonly Value[]) =>
  z
    .string()
    .optional()
    .transform((text, context): readonly Value[] => {
      if (text === undefined) return ids;
      const known = new Map<string, Value>(ids.map((id) => [id, id]));
      return text.split(',').flatMap((name) => {
        const id = known.get(name.trim());
        if (id === undefined) context.addIssue({ code: 'custom', message: `unknown: ${name}` });
        return id === undefined ? [] : [id];
      });
    });
