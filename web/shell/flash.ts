/**
 * Makes everything that flashes do so in step, so that a wall of alarms blinks as one and not like a fairground: each
 * flash animation is put on the phase of the page's own timeline as it starts. The rates are in `shell/styles/signals.css`.
 */
export const FLASH_ANIMATION = 'flash';

const isFlash = (animation: Animation): boolean =>
  animation instanceof CSSAnimation && animation.animationName === FLASH_ANIMATION;

export const flashInStep = (page: Document): void => {
  page.addEventListener('animationstart', ({ animationName, target }) => {
    if (animationName !== FLASH_ANIMATION || !(target instanceof Element)) return;
    for (const animation of target.getAnimations({ subtree: true })) {
      if (isFlash(animation)) animation.startTime = 0;
    }
  });
};
