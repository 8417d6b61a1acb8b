import { z } from 'zod';
import type { VitalId } from '#domain/vitals.ts';
import { SPARK_SPANS } from '../parts/display.ts';
import type { Server } from '../shell/server.ts';
import { type History, SPARK_MINUTES } from './sparks.ts';

/** The station's record, for what a page shows of before it was opened. */

const SPARK_VITALS = [...SPARK_SPANS.keys()];

const Stays = z.array(z.object({ patient: z.number(), start: z.string() }));

const Trends = z.object({
  vitals: z.record(z.string(), z.array(z.object({ time: z.string(), avg: z.number() })).optional()),
});

export const createHistory = ({ get }: Pick<Server, 'get'>): History => ({
  async stayedSince(bed, patient) {
    const answer = await get(Stays, 'encounters', { bed, open: 'true' });
    if (!answer.isOk) throw new Error(answer.reason);
    const stay = answer.value.find((each) => each.patient === patient);
    return stay && Date.parse(stay.start);
  },
  async lastHour(bed, { fromMs, toMs }) {
    const answer = await get(Trends, `beds/${encodeURIComponent(bed)}/trends`, {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      vitals: SPARK_VITALS.join(),
      // One more than are wanted makes buckets of whole minutes.
      points: SPARK_MINUTES + 1,
    });
    if (!answer.isOk) throw new Error(answer.reason);
    const minutes = (id: VitalId) =>
      (answer.value.vitals[id] ?? []).map(({ time, avg }) => ({ time: Date.parse(time), value: avg }));
    return Object.fromEntries(SPARK_VITALS.map((id) => [id, minutes(id)]));
  },
});
