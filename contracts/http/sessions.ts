import { z } from 'zod';
import { DOORS } from '../ports/identities.ts';
import { ROLES } from '../roles.ts';
import { Instant } from './time.ts';

/** What a browser signed in with, or a token that a program uses. */
export const KnownSession = z
  .object({
    id: z.string(),
    name: z.string().describe('The person or the program that it was issued to'),
    role: z.enum(ROLES),
    issuedAt: Instant,
    expiresAt: Instant,
    lastUsedAt: Instant,
    door: z.enum(DOORS).describe("The way in that was used last: a browser's cookie, a bearer token, or MQTT"),
    address: z.string().describe('Where it came from last'),
    open: z.int().nonnegative().describe('Requests, live sockets and MQTT connections that are open by it now'),
    isOwn: z.boolean().describe('True: this request came by it'),
  })
  .meta({ id: 'KnownSession' });
export type KnownSession = z.infer<typeof KnownSession>;

/** How many were ended. */
export const EndedSessions = z.object({ ended: z.int().nonnegative() }).meta({ id: 'EndedSessions' });
