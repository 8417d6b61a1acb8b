import type { WallClock } from '#platform/clock.ts';
import type { Deliver, Outgoing } from './device-client.ts';
import type { Random } from './random.ts';

/** How often each fault befalls a message, 0 to 1; all of them are off by default. */
export type FaultRates = {
  /** The message is lost: its sequence number never arrives. */
  readonly drop?: number;
  /** The message is sent twice. */
  readonly duplicate?: number;
  /** The message is held back for 1 to 10 s. */
  readonly delay?: number;
  /** The message is overtaken by the next of its channel. */
  readonly reorder?: number;
  /** The link is cut for 5 to 30 s; what is measured meanwhile is sent afterwards. */
  readonly disconnect?: number;
  /** How far the device's clock is ahead (or behind, if negative). */
  readonly clockOffsetMs?: number;
};

export const FAULT_KINDS = ['drop', 'duplicate', 'delay', 'reorder', 'disconnect'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type FaultCounts = Record<FaultKind, number>;

/** The plug that a disconnect pulls. */
export type Plug = { readonly cut: () => void; readonly restore: () => void };

const DELAY_MS = [1_000, 10_000] as const;
const CUT_MS = [5_000, 30_000] as const;

export const noFaults = (): FaultCounts => ({ drop: 0, duplicate: 0, delay: 0, reorder: 0, disconnect: 0 });

/** True when any fault is asked for. */
export const anyFault = (rates: FaultRates): boolean => Object.values(rates).some((rate) => rate !== 0);

const shiftClock = (outgoing: Outgoing, offsetMs: number): Outgoing => {
  const time = outgoing.message.time + offsetMs;
  const { channel } = outgoing;
  if (channel === 'vitals') return { channel, message: { ...outgoing.message, time } };
  if (channel === 'waves') return { channel, message: { ...outgoing.message, time } };
  return { channel, message: { ...outgoing.message, time } };
};

/** Messages on their way that were held back: for some seconds, or until the next of their channel has overtaken them. */
const createHeldBack = (deliver: Deliver) => {
  const overtaken = new Map<Outgoing['channel'], Outgoing>();
  let delayed: { readonly dueMs: number; readonly outgoing: Outgoing }[] = [];

  const send = (outgoing: Outgoing): void => {
    deliver(outgoing);
    const before = overtaken.get(outgoing.channel);
    if (!before) return;
    overtaken.delete(outgoing.channel);
    deliver(before);
  };

  return {
    send,
    delay: (outgoing: Outgoing, dueMs: number): void => void delayed.push({ dueMs, outgoing }),
    mayBeOvertaken: ({ channel }: Outgoing): boolean => !overtaken.has(channel),
    letOvertake: (outgoing: Outgoing): void => void overtaken.set(outgoing.channel, outgoing),
    releaseDue(nowMs: number): void {
      if (delayed.length === 0) return;
      const due = delayed.filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
      if (due.length === 0) return;
      delayed = delayed.filter(({ dueMs }) => dueMs > nowMs);
      for (const { outgoing } of due) send(outgoing);
    },
    releaseOvertaken(): void {
      for (const outgoing of overtaken.values()) deliver(outgoing);
      overtaken.clear();
    },
  };
};

/** The plug, pulled for a while at a time. */
const createPulledPlug = (random: Random) => {
  let plug: Plug | undefined;
  let mendAtMs = Infinity;
  const mend = (): void => {
    if (mendAtMs === Infinity) return;
    mendAtMs = Infinity;
    plug?.restore();
  };
  return {
    attach(link: Plug): void {
      plug = link;
    },
    mayBePulled: (): boolean => plug !== undefined && mendAtMs === Infinity,
    pull(nowMs: number): void {
      plug?.cut();
      mendAtMs = nowMs + random.between(...CUT_MS);
    },
    mendDue(nowMs: number): void {
      if (nowMs >= mendAtMs) mend();
    },
    mend,
  };
};

export type FaultsOptions = {
  readonly rates: FaultRates;
  readonly random: Random;
  readonly clock: WallClock;
  /** Hears of each fault and the message it befell. */
  readonly onFault?: (kind: FaultKind, outgoing: Outgoing) => void;
};

/**
 * Faults between a device and its link, by the seed. Hand `through` to the device client and call `tick` a few times
 * a second: it lets go what was held back and mends what was cut.
 */
export const createFaults = ({ rates, random, clock, onFault }: FaultsOptions) => {
  const counts = noFaults();
  let deliver: Deliver = () => {};
  const heldBack = createHeldBack((outgoing) => deliver(outgoing));
  const plug = createPulledPlug(random);

  const befalls = (kind: FaultKind, outgoing: Outgoing): boolean => {
    const rate = rates[kind] ?? 0;
    if (rate === 0 || !random.chance(rate)) return false;
    counts[kind]++;
    onFault?.(kind, outgoing);
    return true;
  };

  const take: Deliver = (measured) => {
    const outgoing = rates.clockOffsetMs ? shiftClock(measured, rates.clockOffsetMs) : measured;
    const nowMs = clock.now();
    if (plug.mayBePulled() && befalls('disconnect', outgoing)) plug.pull(nowMs);
    if (befalls('drop', outgoing)) return;
    if (befalls('delay', outgoing)) return heldBack.delay(outgoing, nowMs + random.between(...DELAY_MS));
    if (heldBack.mayBeOvertaken(outgoing) && befalls('reorder', outgoing)) return heldBack.letOvertake(outgoing);
    heldBack.send(outgoing);
    if (befalls('duplicate', outgoing)) heldBack.send(outgoing);
  };

  return {
    counts: (): FaultCounts => ({ ...counts }),

    /** The device client's `through`. */
    through(next: Deliver): Deliver {
      deliver = next;
      return take;
    },

    /** What a disconnect cuts; without it there are none. */
    attach: plug.attach,

    tick() {
      const nowMs = clock.now();
      heldBack.releaseDue(nowMs);
      plug.mendDue(nowMs);
    },

    /** The end of all faults: everything held back goes out, the link is mended. */
    settle() {
      heldBack.releaseDue(Infinity);
      heldBack.releaseOvertaken();
      plug.mend();
    },
  };
};

export type Faults = ReturnType<typeof createFaults>;

/** What befell all devices together. */
export const sumFaults = (all: readonly Faults[]): FaultCounts => {
  const sum = noFaults();
  for (const counts of all.map((faults) => faults.counts())) {
    for (const kind of FAULT_KINDS) sum[kind] += counts[kind];
  }
  return sum;
};
