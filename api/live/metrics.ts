import { Counter, Gauge, type Registry } from 'prom-client';

export type LiveMetrics = ReturnType<typeof createLiveMetrics>;

export const createLiveMetrics = (registry: Registry) => {
  const registers = [registry];
  return {
    screens: new Gauge({ name: 'wardwatch_live_screens', help: 'Connected screens.', registers }),
    framesSent: new Counter({
      name: 'wardwatch_live_frames_sent_total',
      help: 'Frames handed to screens.',
      labelNames: ['type'],
      registers,
    }),
    framesSkipped: new Counter({
      name: 'wardwatch_live_frames_skipped_total',
      help: 'Frames a screen did not get because it was behind.',
      labelNames: ['type'],
      registers,
    }),
    resyncs: new Counter({
      name: 'wardwatch_live_resyncs_total',
      help: 'Times a screen that was behind was brought up to date with snapshots.',
      registers,
    }),
    closed: new Counter({
      name: 'wardwatch_live_closed_total',
      help: 'Screens closed by the station.',
      labelNames: ['reason'],
      registers,
    }),
  };
};
