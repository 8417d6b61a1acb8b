import type { Controls } from '../controls.ts';
import { type Router, routeOf } from '../router.ts';

/** The ways from the wall to a bed and back: a click on a link to a bed, Enter on the chosen bed, and Escape. */

type Deps = { readonly controls: Pick<Controls, 'selection'>; readonly router: Router };

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
      (event.key === 'Escape' && !isTyping(event.target) && leaveBed(router));
    if (isDone) event.preventDefault();
  });
};

const leaveBed = (router: Router): boolean => {
  if (router.route.peek().page !== 'bed') return false;
  router.go({ page: 'wall' });
  return true;
};
