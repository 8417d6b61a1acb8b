import { useSignal } from '@preact/signals';
import type { Voice } from '../shell/text/language.ts';
import { momentNear, momentsOf, toLocalInput, zoneText } from './local-time.ts';
import { partsText } from './text/language.ts';

/** What stands in a field: a moment, nothing, or what is no time. */
export type TimeValue = { readonly ms: number } | 'empty' | 'none';

/**
 * A time of this browser's zone. In the hour that is there twice it asks which is meant, and says which is taken; a time
 * in the hour that is skipped is refused, and said to be none. It is never moved in silence.
 */
export const TimeField = ({
  label,
  value,
  onValue,
  voice,
  step = 1,
  className = '',
}: {
  label: string;
  value: TimeValue;
  onValue: (value: TimeValue) => void;
  voice: Voice;
  /** Seconds between what can be chosen. */
  step?: number;
  className?: string;
}) => {
  /** A text that is no time, as long as it stands there. */
  const typed = useSignal<string | undefined>(undefined);
  const last = useSignal<number | undefined>(undefined);
  const text = partsText(voice.language);
  const shown = typed.value ?? (typeof value === 'object' ? toLocalInput(value.ms) : '');
  const moments = typeof value === 'object' && typed.value === undefined ? momentsOf(shown) : [];
  const take = (next: string): void => {
    if (typeof value === 'object') last.value = value.ms;
    const ms = momentNear(momentsOf(next), last.value);
    typed.value = next !== '' && ms === undefined ? next : undefined;
    onValue(next === '' ? 'empty' : ms === undefined ? 'none' : { ms });
  };
  return (
    <label class={className}>
      <span>{label}</span>{' '}
      <input
        type="datetime-local"
        step={step}
        value={step === 60 ? shown.slice(0, 16) : shown}
        aria-invalid={typed.value !== undefined}
        onChange={({ currentTarget }) => take(currentTarget.value)}
      />
      {moments.length > 1 && typeof value === 'object' && (
        <select
          aria-label={text.whichHour}
          title={text.whichHour}
          value={moments.find((ms) => zoneText(ms) === zoneText(value.ms))}
          onChange={({ currentTarget }) => onValue({ ms: Number(currentTarget.value) })}
        >
          {moments.map((ms) => (
            <option key={ms} value={ms}>
              {zoneText(ms)}
            </option>
          ))}
        </select>
      )}
      {typed.value !== undefined && <span role="alert">{text.noSuchTime}</span>}
    </label>
  );
};
