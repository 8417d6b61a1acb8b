import { z } from 'zod';

/** The form of the ids of units, beds and devices, the same in topics, addresses and the database. */

export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const Id = z.string().regex(ID_PATTERN, 'letters, digits, dot, underscore and dash; at most 64');

export const NEW_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * The id of a new unit, bed or device. It may hold no dot, because brokers that run as a cluster read a dot in a topic
 * as the end of a level.
 */
export const NewId = Id.refine(
  (id) => NEW_ID_PATTERN.test(id),
  'a new id may hold no dot: brokers that run as a cluster read it as the end of a topic level',
);
