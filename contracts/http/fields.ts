import { z } from 'zod';

/** Fields that several resources have. */

/** The name that people give a unit, a bed or a patient. */
export const Name = z.string().trim().min(1).max(200);

/** The largest number that the id column of a table can hold. */
export const MAX_ROW_NUMBER = 2_147_483_647;

/** The id of a numbered row, in a body. */
export const RowNumber = z.int().positive().max(MAX_ROW_NUMBER);
