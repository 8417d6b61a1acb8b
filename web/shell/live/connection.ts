import { type ClientFrame, LINK_LOST_AFTER_MS, ServerFrame } from '#contracts/live.ts';

/**
 * One live socket after another. A socket that is silent for too long is given up even while it looks open: a
 * frozen server, a pulled cable and a slept laptop all look like that.
 */

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 4_000;

/** The part of a WebSocket that is used. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>;

type Deps = {
  readonly open: () => Socket;
  readonly monotonicMs: () => number;
  readonly random: () => number;
  /** A new socket is open and nothing has been said on it. */
  readonly onOpen: () => void;
  /** Returns whether the frame proves that the link is alive now. */
  readonly onFrame: (frame: ServerFrame) => boolean;
  /** A try has failed, or a socket has ended. */
  readonly onDown: () => void;
};

const parseFrame = (data: unknown): ServerFrame | undefined => {
  try {
    return ServerFrame.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
};

/** How long to wait before the next try: longer after each that failed, and never at the same moment as every other page. */
const createBackoff = (random: () => number) => {
  let tries = 0;
  return {
    nextMs(): number {
      const waitMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** tries) * (0.5 + random() / 2);
      tries += 1;
      return waitMs;
    },
    reset(): void {
      tries = 0;
    },
  };
};

type Listeners = {
  readonly onOpen: () => void;
  readonly onMessage: (data: unknown) => void;
  readonly onClose: () => void;
};

/** Room for one socket. A socket that was dropped is not heard any more. */
const createSlot = (open: () => Socket, { onOpen, onMessage, onClose }: Listeners) => {
  let socket: Socket | undefined;
  let isOpen = false;
  return {
    isTaken: (): boolean => socket !== undefined,
    isOpen: (): boolean => isOpen,
    fill(): void {
      socket = open();
      socket.onopen = () => {
        isOpen = true;
        onOpen();
      };
      socket.onmessage = (event) => onMessage(event.data);
      socket.onclose = onClose;
    },
    drop(): void {
      const dropped = socket;
      socket = undefined;
      isOpen = false;
      if (!dropped) return;
      dropped.onopen = dropped.onmessage = dropped.onclose = null;
      dropped.close();
    },
    send: (text: string): void => socket?.send(text),
  };
};

export type Connection = ReturnType<typeof createConnection>;

export const createConnection = ({ open, monotonicMs, random, onOpen, onFrame, onDown }: Deps) => {
  const backoff = createBackoff(random);
  let running = false;
  let retryAtMs = 0;
  /** Last sign of life, or the start of the present try. */
  let patienceFromMs = 0;
  let heardAtMs: number | undefined;

  const down = (): void => {
    slot.drop();
    retryAtMs = monotonicMs() + backoff.nextMs();
    onDown();
  };

  const hear = (data: unknown): void => {
    const frame = parseFrame(data);
    if (!frame || !onFrame(frame)) return;
    backoff.reset();
    heardAtMs = patienceFromMs = monotonicMs();
  };

  const slot = createSlot(open, { onOpen, onMessage: hear, onClose: down });

  const connect = (): void => {
    patienceFromMs = monotonicMs();
    slot.fill();
  };

  return {
    start(): void {
      if (running) return;
      running = true;
      connect();
    },
    stop(): void {
      running = false;
      slot.drop();
    },
    isOpen: slot.isOpen,
    send: (frame: ClientFrame): void => slot.send(JSON.stringify(frame)),
    /** Gives up on a silent socket and tries again when it is time. Call on every tick; it needs no timers of its own. */
    check(): void {
      if (!running) return;
      const now = monotonicMs();
      if (slot.isTaken() && now - patienceFromMs > LINK_LOST_AFTER_MS) down();
      else if (!slot.isTaken() && now >= retryAtMs) connect();
    },
    /** Forgets this link and starts at once on a new one: what is known of it can no longer be trusted. */
    restart(): void {
      if (!running) return;
      slot.drop();
      heardAtMs = undefined;
      connect();
    },
    /** Monotonic time of the last sign of life; undefined when there has been none that counts. */
    heardAtMs: () => heardAtMs,
  };
};
