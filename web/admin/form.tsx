import type { ComponentChildren } from 'preact';
import { Dialog } from '../parts/dialog.tsx';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import type { Deed, Desk } from './desk.ts';

/** A dialog with a form: Enter sends it, Escape leaves it. */
export const FormDialog = ({
  desk,
  deed,
  title,
  verb,
  isReady = true,
  onSubmit,
  children,
}: {
  desk: Desk;
  deed: Deed;
  title: string;
  verb: string;
  isReady?: boolean;
  onSubmit: () => void;
  children: ComponentChildren;
}) => {
  const { voice, text, close } = desk;
  const failure = deed.failure.value;
  return (
    <Dialog title={title} onClose={close}>
      <form
        class="admin-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <Refused refusal={failure?.refusal} words={failure?.words} voice={voice} />
        <div class="parts-buttons">
          <button type="submit" class="parts-main" disabled={!isReady || deed.isBusy.value}>
            {deed.isBusy.value ? text.saving : verb}
          </button>
          <button type="button" onClick={close}>
            {partsText(voice.language).cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
};
