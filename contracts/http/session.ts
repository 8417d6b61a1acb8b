import { z } from 'zod';
import { ROLES } from '../roles.ts';
import { Instant } from './time.ts';

/** Who is signed in, in which role, and until when. */
export const Session = z.object({ name: z.string(), role: z.enum(ROLES), expiresAt: Instant }).meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** The code of a one-time sign-in link. */
export const SignInCode = z.strictObject({ code: z.string().min(1).max(4_096) });
