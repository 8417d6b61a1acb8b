import { wave } from '#domain/waveforms.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { TraceStatus } from './traces.ts';

/** What stands beside a sweep. */
export type TraceView = {
  readonly label: string;
  readonly note: string;
  /** Height of the mark of one millivolt, as a share of the sweep's height; 0 where it makes no sense. */
  readonly millivolt: number;
};

/** `nowMs` is undefined without a link: the banner says why there is no trace. */
export const traceView = (status: TraceStatus, nowMs: number | undefined, { language, text }: Voice): TraceView => {
  if (!status.wave) return { label: '', note: nowMs === undefined ? '' : text.noSignal, millivolt: 0 };
  const entry = wave(status.wave);
  const span = status.scale && status.scale.high - status.scale.low;
  return { label: entry.label[language], note: '', millivolt: entry.unit === 'mV' && span ? Math.min(1, 1 / span) : 0 };
};
