import { z } from 'zod';

/** How far a measured value is to be trusted, as its device says. */

export const QUALITIES = ['good', 'questionable', 'invalid'] as const;

export const Quality = z.enum(QUALITIES);
export type Quality = z.infer<typeof Quality>;
