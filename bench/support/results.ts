import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { coerceError, UserError } from '#platform/errors.ts';

/** The file that a run leaves, as far as another run reads it. A change of what these fields mean needs a new name. */
export const RESULTS_FORMAT = 'wardwatch-bench-2';

const Budget = z.union([z.object({ atLeast: z.number() }), z.object({ atMost: z.number() })]);

/** JSON has no NaN: a line that measured nothing has null. */
const Measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

export const ResultLine = z.object({
  what: z.string(),
  measured: Measured,
  unit: z.string(),
  budget: Budget.optional(),
  unquiet: z.string().optional(),
});
export type ResultLine = z.infer<typeof ResultLine>;

export const Results = z.object({
  format: z.literal(RESULTS_FORMAT),
  at: z.string(),
  machine: z.object({ cpu: z.string(), cores: z.number(), memoryGiB: z.number() }),
  database: z.object({ version: z.string(), level: z.string(), kind: z.string() }),
  lines: z.array(ResultLine),
});
export type Results = z.infer<typeof Results>;

/** Which format a file says it has; one of a release before there was a name says nothing. */
const Named = z.object({ format: z.string().default('wardwatch-bench-1, which did not name itself') });

export const parseResults = (text: string, source: string): Results => {
  const parsed = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new UserError(`${source} is no JSON (${coerceError(error).message}): name a file of bench/results`);
    }
  })();
  const named = Named.safeParse(parsed);
  if (named.success && named.data.format !== RESULTS_FORMAT) {
    throw new UserError(
      `${source} is of the format ${named.data.format} and not ${RESULTS_FORMAT}: measure again with this bench`,
    );
  }
  const results = Results.safeParse(parsed);
  if (results.success) return results.data;
  const [issue] = results.error.issues;
  throw new UserError(`${source} is no result of the bench (${issue?.path.join('.')}: ${issue?.message})`);
};

export const readResults = async (path: string): Promise<Results> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UserError(`${path} cannot be read (${coerceError(error).message}): name a file of bench/results`);
  });
  return parseResults(text, path);
};
