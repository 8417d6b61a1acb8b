/** Browsers may refuse, for instance without a person's click: the page then stays as it is. */
export const toggleFullScreen = async (): Promise<void> => {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  } catch {
    // Nothing to do: the person sees that nothing happened.
  }
};
