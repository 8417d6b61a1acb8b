import { z } from 'zod';

/** How far a measured value can be trusted, as its device reports. */

export const QUALITIES = ['good', 'questionable', 'invalid'] as const;

export const Quality = z.enum(QUALITIES);
export type Quality = z.infer<typeof Quality>;
