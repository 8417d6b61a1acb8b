import { Presets, SingleBar } from 'cli-progress';

/** Where progress is shown: standard error, since standard output belongs to the result. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type ProgressDisplay = {
  /** `note` is a few words on what happens. Call as often as you like. */
  readonly update: (phase: string, done: number, total: number, note?: string) => void;
  readonly line: (text: string) => void;
  readonly stop: () => void;
};

const LINE_EVERY_MS = 10_000;

const percent = (done: number, total: number): number =>
  total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 0;

/** A bar that moves, for a person at a terminal. */
const createBar = (stream: ProgressStream): ProgressDisplay => {
  const bar = new SingleBar(
    { stream, format: '{phase} {bar} {percentage}% {note}', hideCursor: true, clearOnComplete: true, fps: 5 },
    Presets.shades_classic,
  );
  let running = false;
  const clear = () => {
    if (running) bar.stop();
    running = false;
  };
  return {
    update(phase, done, total, note = '') {
      if (!running) bar.start(100, 0, { phase, note });
      running = true;
      bar.update(percent(done, total), { phase: phase.padEnd(11), note });
    },
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    stop: clear,
  };
};

/** A line for each new phase and every ten seconds, for a log. */
const createLines = (stream: ProgressStream): ProgressDisplay => {
  let lastPhase = '';
  let lastAtMs = 0;
  return {
    update(phase, done, total, note = '') {
      const nowMs = performance.now();
      if (phase === lastPhase && nowMs - lastAtMs < LINE_EVERY_MS) return;
      lastPhase = phase;
      lastAtMs = nowMs;
      stream.write(`${phase} ${percent(done, total)}% ${note}\n`);
    },
    line: (text) => stream.write(`${text}\n`),
    stop() {},
  };
};

export const createProgress = (stream: ProgressStream): ProgressDisplay =>
  stream.isTTY ? createBar(stream) : createLines(stream);
