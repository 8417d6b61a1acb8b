import { type Signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { WaveId } from '#domain/waveforms.ts';
import type { PageContext } from '../context.ts';
import { MINUTE_MS } from './minutes.tsx';

/** What was asked for stands in the second line, so that it is seen what came before. */
const pageAt = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;

export type Page = {
  /** What the address asks for; undefined: the newest. */
  readonly atMs: number | undefined;
  readonly openedAtMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly minutes: Signal<number>;
  readonly signal: Signal<WaveId>;
  readonly go: (ms: number, close?: boolean) => void;
};

/** Which minutes of which signal are shown. Where they begin stands in the address. */
export const usePage = ({ bed, stationNow, playing, router }: PageContext): Page => {
  const wanted = Number(router.query.value.get('at') ?? Number.NaN);
  const atMs = Number.isFinite(wanted) && wanted > 0 ? wanted : undefined;
  const openedAtMs = useMemo(stationNow, [stationNow]);
  const minutes = useSignal<number>(10);
  const signal = useSignal<WaveId>(playing()[0] ?? 'ecg-ii');
  const fromMs = atMs === undefined ? pageAt(openedAtMs - (minutes.value - 2) * MINUTE_MS) : pageAt(atMs);
  const go = (ms: number, close?: boolean): void => {
    const at = String(Math.round(ms));
    router.go({ page: 'bed', bed }, { view: 'recording', at, ...(close ? { closer: '' } : {}) });
  };
  return { atMs, openedAtMs, fromMs, toMs: fromMs + minutes.value * MINUTE_MS, minutes, signal, go };
};
