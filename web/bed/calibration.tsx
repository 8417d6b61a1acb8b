import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Voice } from '../shell/text/language.ts';
import type { Millimetres } from './millimetres.ts';
import { bedText } from './text/language.ts';

/** ISO/IEC 7810 ID-1, the long side. */
const CARD_MM = 85.6;
const SHARE_STEP = 0.005;

type Props = { readonly millimetres: Millimetres; readonly voice: Voice; readonly onClose: () => void };

/** A bar to hold a bank card or a ruler against. */
export const Calibration = ({ millimetres, voice, onClose }: Props) => {
  const text = bedText(voice.language);
  const pixels = useSignal(millimetres.pixels.peek());
  return (
    <Dialog title={text.calibrateTitle} onClose={onClose}>
      <p>{text.calibrateHelp}</p>
      <p>{text.calibrateCard}</p>
      <div class="bed-ruler" style={{ '--ruler': `${pixels.value * CARD_MM}px`, '--mm': `${pixels.value}px` }} />
      <label class="parts-field">
        {text.calibrateLength}
        <input
          type="range"
          min={1.5}
          max={16}
          step={SHARE_STEP}
          value={pixels.value}
          onInput={({ currentTarget }) => {
            pixels.value = Number(currentTarget.value);
          }}
        />
      </label>
      <p class="parts-buttons">
        <button
          type="button"
          onClick={() => {
            millimetres.calibrate(pixels.peek());
            onClose();
          }}
        >
          {text.save}
        </button>
        <button type="button" onClick={onClose}>
          {partsText(voice.language).cancel}
        </button>
      </p>
    </Dialog>
  );
};
