import { z } from 'zod';

/** How units, beds and devices are named: the same in topics, addresses and the database. */

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const Id = z.string().regex(ID_PATTERN, 'letters, digits, dot, underscore and dash; at most 64');
