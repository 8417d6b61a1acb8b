import type { Refusal } from '../shell/refusal.ts';
import type { Voice } from '../shell/text/language.ts';
import { partsText } from './text/language.ts';

/** Why something failed and what to do; `words` where the page knows better than the kind of refusal. */
export const Refused = ({
  refusal,
  voice,
  words,
  onAgain,
}: {
  refusal: Refusal | undefined;
  voice: Voice;
  words?: string | undefined;
  onAgain?: () => void;
}) => {
  const text = partsText(voice.language);
  return (
    <div class="parts-refused" role="alert">
      {refusal && (
        <>
          <p>{words ?? text.refusals[refusal.reason]}</p>
          {refusal.reason === 'invalid' && <Faults refusal={refusal} />}
          {onAgain && (
            <button type="button" onClick={onAgain}>
              {text.tryAgain}
            </button>
          )}
        </>
      )}
    </div>
  );
};

const Faults = ({ refusal: { faults, detail } }: { refusal: Refusal }) => (
  <ul>
    {(faults.length > 0 ? faults : [detail]).map((fault) => (
      <li key={fault}>{fault}</li>
    ))}
  </ul>
);
