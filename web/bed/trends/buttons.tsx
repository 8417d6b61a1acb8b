import { partsText } from '../../parts/text/language.ts';
import { dayAndMinute } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import type { SightNow } from './sight.ts';
import { SPAN_NAMES } from './window.ts';

type Props = { readonly sight: SightNow; readonly isLoading: boolean; readonly voice: Voice };

/** The ways along time, and which stretch of it is seen. */
export const SightButtons = ({ sight: now, isLoading, voice }: Props) => {
  const text = bedText(voice.language);
  const { sight, seen, isLive, change } = now;
  return (
    <div class="parts-buttons">
      {SPAN_NAMES.map((span) => (
        <button
          key={span}
          type="button"
          aria-pressed={sight.value.span === span && !sight.value.stretch}
          onClick={() => change(() => ({ span, stretch: undefined }))}
        >
          {text.spans[span]}
        </button>
      ))}
      <button type="button" onClick={now.earlier}>
        {text.earlier}
      </button>
      <button type="button" disabled={!sight.value.stretch} onClick={now.later}>
        {text.later}
      </button>
      <button type="button" onClick={now.zoomIn}>
        {text.zoomIn}
      </button>
      <button type="button" onClick={now.zoomOut}>
        {text.zoomOut}
      </button>
      {sight.value.stretch ? (
        <button type="button" onClick={now.toPresent}>
          {text.toPresent}
        </button>
      ) : (
        isLive && <span class="bed-edge">{text.atLiveEdge}</span>
      )}
      <span>
        {dayAndMinute(seen.fromMs, voice)} – {dayAndMinute(seen.toMs, voice)}
      </span>
      <span role="status">{isLoading ? partsText(voice.language).loading : ''}</span>
    </div>
  );
};
