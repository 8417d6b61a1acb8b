import { useSignal } from '@preact/signals';
import { signIn } from './session.ts';
import type { Text } from './text/en.ts';

export const SignInScreen = ({ text, onSignedIn }: { text: Text; onSignedIn: () => void }) => {
  const pasted = useSignal('');
  const fault = useSignal<'signInRefused' | 'signInUnreachable' | undefined>(undefined);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    fault.value = undefined;
    const result = await signIn(pasted.value);
    if (result === 'signed-in') onSignedIn();
    else fault.value = result === 'signed-out' ? 'signInRefused' : 'signInUnreachable';
  };

  return (
    <form class="sign-in" onSubmit={submit}>
      <h1>{text.appName}</h1>
      <p>{text.signInHelp}</p>
      <label>
        {text.signInLabel}
        <input
          type="text"
          required
          autocomplete="off"
          spellcheck={false}
          value={pasted}
          onInput={(event) => {
            pasted.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit">{text.signInButton}</button>
      <p class="fault" role="alert">
        {fault.value && text[fault.value]}
      </p>
      <p class="notice">{text.notice}</p>
    </form>
  );
};
