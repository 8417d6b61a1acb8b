import { Frame } from './frame.tsx';
import type { PageProps } from './page.ts';
import { SignInScreen } from './sign-in.tsx';
import { voiceOf } from './text/language.ts';

export const App = (props: Omit<PageProps, 'voice'>) => {
  const { wall, settings } = props;
  const voice = voiceOf(settings.language.value);
  document.documentElement.lang = voice.locale;
  document.documentElement.classList.toggle('night', wall.board.night.value);
  const { text } = voice;
  return (
    <>
      {wall.signedOut.value ? (
        <SignInScreen text={text} onSignedIn={wall.resume} />
      ) : (
        <Frame {...props} voice={voice} />
      )}
      <div id="curtain" class="curtain" aria-hidden="true">
        <strong>{text.frozenTitle}</strong>
        <span>{text.frozenDetail}</span>
      </div>
    </>
  );
};
