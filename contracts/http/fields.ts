import { z } from 'zod';

/** Kinds of fields that several resources have. */

/** What people call a unit, a bed or a patient. */
export const Name = z.string().trim().min(1).max(200);

/** The largest that a column of numbered rows holds. */
export const MAX_ROW_NUMBER = 2_147_483_647;

/** The number of a row, in a body. */
export const RowNumber = z.int().positive().max(MAX_ROW_NUMBER);
