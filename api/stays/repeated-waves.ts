import { packWaves } from '#domain/packed-waves/packed-waves.ts';
import { wavesOfRow } from '#domain/packed-waves/row.ts';
import { type WaveId, wave } from '#domain/waveforms.ts';
import { type Queryable, query } from '../database/query.ts';

/** A row that is to be dropped because there is one of its time in the right series already, and that one (`present_`). */
export type RepeatedWaves = {
  readonly time: string;
  readonly signal: WaveId;
  readonly rate: number;
  readonly samples: number[];
  readonly packed: Buffer | null;
  readonly present_rate: number;
  readonly present_samples: number[];
  readonly present_packed: Buffer | null;
};

const COMPLETE = `
  update waves set samples = '{}', packed = $3, sample_count = $4 where series_id = $1 and time = $2::timestamptz`;

/** A device may have sent again only some of its waveforms: the others are put beside those that came again. */
export const keepOthers = async (
  database: Queryable,
  seriesId: number,
  repeated: readonly RepeatedWaves[],
): Promise<void> => {
  for (const row of repeated) {
    const { mdc } = wave(row.signal);
    const present = wavesOfRow({
      mdc,
      rate: row.present_rate,
      samples: row.present_samples,
      packed: row.present_packed,
    });
    const others = wavesOfRow({ ...row, mdc }).filter((given) => !present.some((one) => one.mdc === given.mdc));
    if (others.length === 0) continue;
    const all = [...present, ...others];
    const count = all.reduce((sum, { samples }) => sum + samples.length, 0);
    await query(database, COMPLETE, [seriesId, row.time, Buffer.from(packWaves(all)), count]);
  }
};
