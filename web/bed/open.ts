import type { Controls } from '../shell/controls.ts';
import { type Router, routeOf } from '../shell/router.ts';

/** The ways from the wall to a bed and back: a click on a link to a bed, Enter on the chosen bed, and Escape. */

type Deps = { readonly controls: Pick<Controls, 'selection' | 'isHelpOpen' | 'isListOpen'>; readonly router: Router };

/** Enter on a button or link is for that, and keys in a field or dialog are too. */
const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('a, button, input, select, textarea, dialog, summary') !== null;

const onEnter = ({ controls, router }: Deps): boolean => {
  const chosen = controls.selection.peek();
  const bed = chosen?.kind === 'bed' ? chosen.id : chosen?.bed;
  if (!bed || router.route.peek().page !== 'wall') return false;
  router.go({ page: 'bed', bed });
  return true;
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;

export const openBeds = (page: Document, deps: Deps): void => {
  const { router } = deps;
  page.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="/beds/"]') : null;
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.go(routeOf(link.getAttribute('href') ?? ''));
  });
  page.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const isDone =
      (event.key === 'Enter' && !isElsewhere(event.target) && onEnter(deps)) ||
      (event.key === 'Escape' && !isTyping(event.target) && leaveBed(deps));
    if (isDone) event.preventDefault();
  });
};

/** A dialog or list over the page is closed before the page is left. */
const leaveBed = ({ controls, router }: Deps): boolean => {
  const isCovered = controls.isHelpOpen.peek() || controls.isListOpen.peek();
  if (router.route.peek().page !== 'bed' || isCovered) return false;
  router.go({ page: 'wall' });
  return true;
};
