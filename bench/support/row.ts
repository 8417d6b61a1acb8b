import type { Usage } from './limit.ts';
import type { Server } from './server.ts';

/** One line of the table. Without a budget it is told for comparison. */
export type Line = {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  readonly budget?: { readonly atLeast: number } | { readonly atMost: number };
  /** How it was measured, in a few words. */
  readonly note?: string;
  /** What kept it from being better, in a few words, and what each part used meanwhile. */
  readonly limit?: string;
  readonly usage?: Usage;
  /** Why the machine was not quiet, if it was not. */
  readonly unquiet?: string;
  /** Of several runs, of which `measured` is the median. */
  readonly spread?: Spread;
};

export type Spread = { readonly runs: number; readonly lowest: number; readonly highest: number };

export type Plot = {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** `percentiles`: x is a share from 0 to 1, drawn as nines; y is logarithmic. */
  readonly kind: 'time' | 'percentiles';
  readonly curves: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  /** A horizontal line: the budget. */
  readonly budget?: number;
};

export type RowResult = {
  readonly lines: readonly Line[];
  readonly plots: readonly Plot[];
  /** Whatever else is worth keeping, for the JSON. */
  readonly detail: object;
};

export type RowContext = {
  readonly server: Server;
  /** How long each steady phase is measured. */
  readonly seconds: number;
  readonly beds: number;
  readonly trendDays: number;
  /** The ward of the rows that are about a large one, and how long it is held. */
  readonly large: { readonly beds: number; readonly seconds: number };
  /** How long the database is away before it is back. */
  readonly awaySeconds: number;
  /** Where the station leaves CPU profiles; undefined: it makes none. */
  readonly profileDir: string | undefined;
  readonly progress: (done: number, total: number, note: string) => void;
};

export type Row = (context: RowContext) => Promise<RowResult>;

export const verdict = ({ measured, budget }: Line): 'pass' | 'miss' | '' => {
  if (!budget) return '';
  const held = 'atLeast' in budget ? measured >= budget.atLeast : measured <= budget.atMost;
  return held ? 'pass' : 'miss';
};
