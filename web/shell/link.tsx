import type { ComponentChildren } from 'preact';
import { pathOf, type Route, type Router } from './router.ts';

type LinkProps = { to: Route; router: Router; class?: string; label?: string; children?: ComponentChildren };

/** A real link, so that it can be opened in another tab; a simple click does not load the page anew. */
export const Link = ({ to, router, class: name, label, children }: LinkProps) => (
  <a
    href={pathOf(to)}
    class={name}
    aria-label={label}
    onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      router.go(to);
    }}
  >
    {children}
  </a>
);
