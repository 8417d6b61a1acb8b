import type { ServerFrame, SnapshotFrame } from '#contracts/live.ts';

/** A screen whose hours pass in seconds: its clocks, timers, frames and its live socket are ours. */

/** Frames of one round, in order, with the time at which each came; the first are a welcome and a snapshot. */
export type Recording = {
  readonly frames: readonly { readonly atMs: number; readonly frame: ServerFrame }[];
  /** Length of a round; at its end the ward is as it was at its start. */
  readonly roundMs: number;
};

export type FastScreen = {
  readonly begin: (recording: Recording) => void;
  /** Lets so much time pass, in steps of a second. */
  readonly pass: (ms: number) => Promise<void>;
  /** How many alarms the page has said that it has drawn. */
  readonly shown: () => number;
  /** Closes the socket, as a server that is started anew would. */
  readonly cut: () => void;
};

/** Runs in the page before its own script, and puts a `FastScreen` on the window. */
export const speedUp = (): void => {
  const STEP_MS = 1_000;
  const YIELD_EVERY = 20;
  const realTimeout = window.setTimeout.bind(window);
  const startedAt = Date.now();
  let now = performance.now();
  performance.now = () => now;
  Date.now = () => startedAt + now;

  type Timer = { readonly due: number; readonly everyMs: number | undefined; readonly run: () => void };
  const timers = new Map<number, Timer>();
  let frames: FrameRequestCallback[] = [];
  let ids = 1;
  const later =
    (everyMs: number | undefined) =>
    (run: unknown, ms?: number, ...rest: unknown[]) => {
      ids += 1;
      const call = run as (...given: unknown[]) => void;
      timers.set(ids, { due: now + (ms ?? 0), everyMs: everyMs && (ms ?? 0), run: () => call(...rest) });
      return ids;
    };
  const cancel = (id: unknown): void => {
    timers.delete(Number(id));
  };
  Object.assign(window, {
    setTimeout: later(undefined),
    setInterval: later(1),
    clearTimeout: cancel,
    clearInterval: cancel,
    requestAnimationFrame: (run: FrameRequestCallback) => frames.push(run),
  });

  let recording: Recording | undefined;
  let beginsAt = 0;
  let socket: FakeSocket | undefined;
  let next = 0;
  let round = 0;
  let shown = 0;

  class FakeSocket {
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: (() => void) | null = null;
    isOpen = false;
    constructor() {
      socket = this;
    }
    send(text: string): void {
      const { type, alarms } = JSON.parse(text);
      if (type === 'shown') shown += alarms.length;
      if (type !== 'subscribe') return;
      this.onmessage?.({ data: JSON.stringify(present) });
    }
    close(): void {
      if (socket === this) socket = undefined;
    }
    say(frame: ServerFrame): void {
      const said = shifted(frame);
      takeIn(said);
      this.onmessage?.({ data: JSON.stringify(said) });
    }
  }
  window.WebSocket = FakeSocket as unknown as typeof WebSocket;

  /** The ward as it now is, for who subscribes. */
  let present: SnapshotFrame | undefined;

  const takeIn = (frame: ServerFrame): void => {
    if (frame.type === 'snapshot') present = frame;
    if (!present) return;
    if (frame.type === 'vitals' || frame.type === 'alarm' || frame.type === 'device') present.seq = frame.seq;
    for (const bed of present.beds) {
      if (frame.type === 'vitals') Object.assign(bed.vitals, frame.beds[bed.id]);
      if (frame.type === 'alarm' && frame.bed === bed.id) bed.alarms = frame.alarms;
    }
  };

  const lastSeq = (): number =>
    Math.max(
      ...(recording?.frames ?? []).map(({ frame }) =>
        'seq' in frame && typeof frame.seq === 'number' && frame.type !== 'wave' ? frame.seq : 0,
      ),
    );
  const firstSeq = (): number => {
    const found = recording?.frames.find(({ frame }) => frame.type === 'snapshot')?.frame;
    return found?.type === 'snapshot' ? found.seq : 0;
  };

  /** The same frame in this round: its times, its place among the changes, and alarms of its own. */
  const shifted = (frame: ServerFrame): ServerFrame => {
    const timeMs = round * (recording?.roundMs ?? 0) + beginsAt;
    const seq = round * (lastSeq() - firstSeq());
    const visit = (value: unknown, key: string): unknown => {
      if (key === 'samples') return value;
      if (Array.isArray(value)) return value.map((each) => visit(each, ''));
      if (typeof value === 'object' && value !== null) {
        const isSeqs = key === 'seq';
        return Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, isSeqs ? Number(each) + seq : visit(each, name)]),
        );
      }
      if (typeof value === 'number' && value > 1e12) return value + timeMs;
      if (key === 'seq' && typeof value === 'number' && frame.type !== 'wave') return value + seq;
      return value;
    };
    const changed = visit(frame, '') as ServerFrame;
    if (changed.type === 'alarm') for (const alarm of changed.alarms) alarm.id += `-${round}`;
    return changed;
  };

  const play = (): void => {
    if (!recording || !socket) return;
    if (!socket.isOpen) {
      socket.isOpen = true;
      socket.onopen?.();
      for (const { frame } of recording.frames) if (frame.type === 'welcome') socket.say(frame);
    }
    const first = recording.frames[0]?.atMs ?? 0;
    for (;;) {
      const due = recording.frames[next];
      if (due && first + now - startOfRound() < due.atMs) return;
      if (due) {
        if (due.frame.type === 'snapshot') present ??= shifted(due.frame) as SnapshotFrame;
        else if (due.frame.type !== 'welcome') socket?.say(due.frame);
        next += 1;
      } else if (now - startOfRound() >= recording.roundMs) {
        next = 0;
        round += 1;
      } else return;
    }
  };
  let playsFrom = 0;
  const startOfRound = (): number => playsFrom + round * (recording?.roundMs ?? 0);

  const step = (): void => {
    now += STEP_MS;
    play();
    for (const [id, timer] of [...timers]) {
      if (timer.due > now) continue;
      if (timer.everyMs === undefined) timers.delete(id);
      else timers.set(id, { ...timer, due: now + timer.everyMs });
      timer.run();
    }
    const drawn = frames;
    frames = [];
    for (const run of drawn) run(now);
  };

  const fast: FastScreen = {
    begin(given) {
      recording = given;
      playsFrom = now;
      beginsAt = startedAt + now - (given.frames[0]?.atMs ?? 0);
    },
    async pass(ms) {
      for (let steps = 0; steps < ms / STEP_MS; steps += 1) {
        step();
        if (steps % YIELD_EVERY === 0) await new Promise((resolve) => realTimeout(resolve));
      }
    },
    shown: () => shown,
    cut() {
      const closed = socket;
      socket = undefined;
      closed?.onclose?.();
    },
  };
  Object.assign(window, { fast });
};
