/** Browsers may refuse, for instance without a person's click: the page then stays as it is. */
export const toggleFullScreen = async (): Promise<void> => {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  } catch {
    // The page shows no message: the person sees that it does not fill the screen.
  }
};
