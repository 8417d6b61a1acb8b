import type { Controls } from '../controls.ts';
import type { Settings } from '../settings.ts';
import { voiceOf } from '../text/language.ts';
import type { Wall } from '../wall.ts';
import { SignInScreen } from './sign-in.tsx';
import { WallScreen } from './wall.tsx';

export const App = ({ wall, controls, settings }: { wall: Wall; controls: Controls; settings: Settings }) => {
  const voice = voiceOf(settings.language.value);
  document.documentElement.lang = voice.locale;
  const { text } = voice;
  return (
    <>
      {wall.signedOut.value ? (
        <SignInScreen text={text} onSignedIn={wall.resume} />
      ) : (
        <WallScreen wall={wall} controls={controls} settings={settings} voice={voice} />
      )}
      <div id="curtain" class="curtain" aria-hidden="true">
        <strong>{text.frozenTitle}</strong>
        <span>{text.frozenDetail}</span>
      </div>
    </>
  );
};
