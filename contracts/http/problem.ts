import { z } from 'zod';

/** The body of every error reply: RFC 9457, `application/problem+json`. */
export const Problem = z
  .object({
    /** The type of the problem, a name that stays the same for programs. */
    type: z.string().meta({ examples: ['urn:wardwatch:problem:not-found'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    /** Every fault of an invalid request; `at` is a JSON pointer into `in`. */
    faults: z.array(z.object({ in: z.string(), at: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
