/** Browsers may refuse, for instance without a person's click: the page then stays as it is. */
export const toggleFullScreen = async (): Promise<void> => {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  } catch {
    // A message is not needed: the person sees that the page does not fill the screen.
  }
};
