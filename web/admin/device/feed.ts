import { type ReadonlySignal, signal } from '@preact/signals';
import { FateEvent } from '#contracts/http/message-fate.ts';

/** What becomes of each message of a device, as it is told by the station, the newest first. */

/** `refused`: the station will not tell it, and is not asked again by itself. */
export type FeedState = 'opening' | 'open' | 'lost' | 'refused';

export type Told = { readonly key: number; readonly event: FateEvent };

export type Feed = {
  readonly state: ReadonlySignal<FeedState>;
  readonly told: ReadonlySignal<readonly Told[]>;
  /** How many came while it was paused; undefined: it is not paused. */
  readonly held: ReadonlySignal<number | undefined>;
  /**
   * How many waveform messages of which all was taken were only counted: several come each second, and would push
   * everything else out of sight. undefined: they are told, too.
   */
  readonly waves: ReadonlySignal<number | undefined>;
  readonly open: () => void;
  readonly close: () => void;
  readonly togglePause: () => void;
  readonly toggleWaves: () => void;
  readonly clear: () => void;
};

/** The part of an `EventSource` that is used. */
export type Source = {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  readonly close: () => void;
};

const CLOSED = 2;
/** More would push the rest of the page out of sight. */
const MOST_TOLD = 15;

const readEvent = (data: unknown): FateEvent | undefined => {
  try {
    // An event of a type that a newer station added is passed over.
    return FateEvent.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
};

const isWholeWave = (event: FateEvent): boolean =>
  event.type === 'message' && event.fate.channel === 'waves' && event.fate.refused === 0 && event.fate.isStored;

export const feedPath = (device: string): string => `/api/v1/devices/${encodeURIComponent(device)}/messages`;

/** What is on the page of what came. */
const createShown = () => {
  const told = signal<readonly Told[]>([]);
  const held = signal<number | undefined>(undefined);
  const waves = signal<number | undefined>(0);
  let count = 0;
  return {
    ...{ told, held, waves },
    take(event: FateEvent): void {
      const waiting = held.peek();
      const counted = waves.peek();
      if (waiting !== undefined) held.value = waiting + (event.type === 'message' ? 1 : event.count);
      else if (counted !== undefined && isWholeWave(event)) waves.value = counted + 1;
      else told.value = [{ key: count++, event }, ...told.peek()].slice(0, MOST_TOLD);
    },
    togglePause(): void {
      held.value = held.peek() === undefined ? 0 : undefined;
    },
    toggleWaves(): void {
      waves.value = waves.peek() === undefined ? 0 : undefined;
    },
    clear(): void {
      told.value = [];
    },
  };
};

export const createFeed = (openSource: () => Source): Feed => {
  const state = signal<FeedState>('opening');
  const { take, ...shown } = createShown();
  let source: Source | undefined;

  const close = (): void => {
    source?.close();
    source = undefined;
  };

  return {
    ...shown,
    state,
    close,
    open() {
      close();
      state.value = 'opening';
      const opened = openSource();
      source = opened;
      opened.onopen = () => {
        state.value = 'open';
      };
      opened.onmessage = ({ data }) => {
        const event = readEvent(data);
        if (event) take(event);
      };
      // The browser tries again by itself when the link was lost, and not when it was told no.
      opened.onerror = () => {
        state.value = opened.readyState === CLOSED ? 'refused' : 'lost';
      };
    },
  };
};
