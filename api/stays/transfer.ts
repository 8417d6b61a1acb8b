import type { Queryable } from '../database/query.ts';
import { conflict } from '../http/problems.ts';
import { createStay, listStays, putStay, readStay, STAYS, type Stay } from './queries.ts';

type Moving = {
  /** The encounter that goes on in another bed. */
  readonly id: number;
  readonly bed: string;
  readonly devices: readonly string[];
  /** ISO 8601. */
  readonly at: string;
};

/** The guest leaves where it is, and is at another bed from the same moment. */
const move = async <Guest>(
  client: Queryable,
  kind: (typeof STAYS)[keyof typeof STAYS],
  present: Stay<Guest>,
  { bed, at }: Pick<Moving, 'bed' | 'at'>,
): Promise<Stay<Guest>> => {
  await putStay(client, kind, present, { ...present, end: at });
  return createStay(client, kind, { guest: present.guest, bed, start: at, end: null });
};

/**
 * Moves a patient and devices of their bed, all at one moment: no value between the two beds belongs to nobody. Must be
 * called within a transaction; rejects with 409 when the stay has ended, or a device is not at the patient's bed.
 */
export const transfer = async (client: Queryable, moving: Moving): Promise<Stay<number>> => {
  const { id, devices } = moving;
  const present = await readStay<number>(client, STAYS.encounters, id);
  if (present.end !== null) throw conflict(`encounter ${id} has ended: a patient who left moves no more`);
  if (present.bed === moving.bed) throw conflict(`the patient is in bed ${moving.bed} already`);
  const stay = await move(client, STAYS.encounters, present, moving);
  for (const device of new Set(devices)) {
    const [assignment] = await listStays<string>(client, STAYS.assignments, {
      guest: device,
      bed: present.bed,
      open: true,
    });
    if (!assignment) throw conflict(`device ${device} is not at bed ${present.bed}, so it cannot come along`);
    await move(client, STAYS.assignments, await readStay<string>(client, STAYS.assignments, assignment.id), moving);
  }
  return stay;
};
