import { z } from 'zod';
import { AGE_GROUPS } from './vitals.ts';

export const AgeGroupSchema = z.enum(AGE_GROUPS);
