import type { Sound } from './sound.ts';

const KEY = 'wardwatch.sound';

type Deps = {
  readonly sound: Sound;
  readonly page: Pick<Document, 'addEventListener'>;
  /** Throws where the browser allows none. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
};

/** The key and the button of the sound turn it on by themselves. */
const isItsOwn = (event: Event): boolean =>
  event instanceof KeyboardEvent
    ? event.key.toLowerCase() === 's'
    : event.target instanceof Element && event.target.closest('.sound') !== null;

/**
 * A page that has loaded itself anew has its sound back where the browser allows that without a person, else with the
 * first key or touch of anyone.
 */
export const recallSound = ({ sound, page, storage }: Deps) => {
  const recall = (): boolean => {
    try {
      return storage().getItem(KEY) === 'on';
    } catch {
      return false;
    }
  };
  const keep = (isWished: boolean): void => {
    try {
      storage().setItem(KEY, isWished ? 'on' : 'off');
    } catch {
      // The sound is then off after a load, and the page shows that.
    }
  };

  let isTouched = false;
  let cameByItself = false;
  let isWished = recall();

  const turnOnIfWished = (): void => {
    if (isWished && !sound.isOn.peek()) sound.toggle();
  };

  if (isWished) {
    sound.isOn.subscribe((isOn) => {
      if (isOn && !isTouched) cameByItself = true;
    });
    turnOnIfWished();
  }
  const onTouch = (event: Event): void => {
    isTouched = true;
    if (!isItsOwn(event)) turnOnIfWished();
  };
  page.addEventListener('keydown', onTouch);
  page.addEventListener('click', onTouch);

  return {
    toggle(): void {
      isWished = !sound.isOn.peek();
      keep(isWished);
      sound.toggle();
    },
    /** Whether a load of the page would leave it as it is. */
    survives: (): boolean => !isWished || cameByItself,
  };
};
