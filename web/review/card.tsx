import type { ComponentChildren } from 'preact';
import type { Burden } from '#contracts/http/review.ts';
import type { PageContext } from './context.ts';

export type CardProps = PageContext & { readonly burden: Burden };

/** One answer about the burden of alarms, with its title. */
export const Card = ({
  title,
  isWide = false,
  children,
}: {
  title: string;
  isWide?: boolean;
  children: ComponentChildren;
}) => (
  <section class={isWide ? 'review-card review-wide' : 'review-card'}>
    <h3>{title}</h3>
    {children}
  </section>
);
