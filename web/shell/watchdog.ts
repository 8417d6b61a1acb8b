/**
 * A curtain that the browser draws by itself when this page stops running. Script that hangs cannot blank a value,
 * but an opacity animation runs on the compositor's thread: it is put back to its start as long as we are alive,
 * and reaches its visible part when we are not.
 */

const CURTAIN_AFTER_MS = 4_000;
const CURTAIN_FOR_MS = 24 * 60 * 60 * 1_000;

const KEYFRAMES: Keyframe[] = [
  { opacity: 0, offset: 0 },
  { opacity: 0, offset: CURTAIN_AFTER_MS / CURTAIN_FOR_MS },
  { opacity: 1, offset: (CURTAIN_AFTER_MS + 100) / CURTAIN_FOR_MS },
  { opacity: 1, offset: 1 },
];

export const createWatchdog = (curtain: Element) => {
  const animation = curtain.animate(KEYFRAMES, { duration: CURTAIN_FOR_MS, fill: 'both' });
  return {
    feed(): void {
      animation.currentTime = 0;
    },
    stop(): void {
      animation.cancel();
    },
  };
};
