import { useSignal } from '@preact/signals';
import type { LiveOxygen } from '#contracts/live.ts';
import { Refused } from '../../parts/refused.tsx';
import { timeNear } from '../../parts/when.ts';
import type { Refusal } from '../../shell/refusal.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { PageContext } from '../context.ts';
import { bedPath } from '../paths.ts';
import { bedText } from '../text/language.ts';

type Props = Pick<PageContext, 'bed' | 'now' | 'server' | 'voice' | 'isOperator'>;

/** Whether the high limit of SpO₂ is in force, and who recorded what switched it off. */
export const oxygenWords = (oxygen: LiveOxygen | undefined, nowMs: number, voice: Voice): string => {
  const text = bedText(voice.language).oxygen;
  const off = oxygen?.highSpo2Off;
  if (!off) return text.inForce;
  if (off.because === 'fio2') return text.offByFio2(voice.percent(off.fio2));
  return text.offByRoomAir(off.by, timeNear(off.at, nowMs, voice));
};

/**
 * Shown for a newborn. A high saturation harms only one who is given oxygen, so somebody must record that none is
 * given.
 */
export const Oxygen = ({ bed: id, now, server, voice, isOperator }: Props) => {
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { nowMs, bed } = now.value;
  if (nowMs === undefined || bed?.patient?.ageGroup !== 'neonatal') return null;
  const text = bedText(voice.language).oxygen;
  const isRoomAir = Boolean(bed.oxygen?.roomAir);
  const record = async (): Promise<void> => {
    const answer = await server.send('PUT', bedPath(id, 'oxygen'), { roomAir: !isRoomAir });
    refusal.value = answer.isOk ? undefined : answer;
  };
  return (
    <div class="bed-oxygen">
      <p>{oxygenWords(bed.oxygen, nowMs, voice)}</p>
      {isOperator && (
        <div class="parts-buttons">
          <button type="button" onClick={() => void record()}>
            {isRoomAir ? text.oxygen : text.roomAir}
          </button>
        </div>
      )}
      <Refused refusal={refusal.value} voice={voice} />
    </div>
  );
};
