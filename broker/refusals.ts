import { Counter, type Registry as MetricsRegistry } from 'prom-client';
import { REFUSAL_TEXT_LENGTH, type Refusal, type RefusalReason } from '#contracts/http/refusals.ts';
import type { Directory } from '#contracts/ports/directory.ts';
import type { RefusalRecord } from '#contracts/ports/refusal-record.ts';
import type { WallClock } from '#platform/clock.ts';
import type { Logger } from '#platform/log.ts';
import { createSeldom } from '#platform/seldom.ts';

/**
 * Every refusal leaves a trace: a counter, a line in the log now and then, and an entry that the page of the device or the
 * gateway shows.
 */
export type Refusals = RefusalRecord & {
  /** Counts it at once, and keeps it as soon as the directory has answered whether the name is that of one of ours. */
  readonly note: (refused: Refused) => void;
};

export type Refused = {
  readonly reason: RefusalReason;
  /** The user name that was given. */
  readonly name?: string | undefined;
  readonly address: string;
  readonly detail: string;
  /** Whom it concerns beside who sent it: it is kept there too, if it is one of ours. */
  readonly concerns?: string | undefined;
};

/** Refusals after which the connection goes on: the peer learns of them by an acknowledgement, or not at all. */
const KEEPS_CONNECTION: ReadonlySet<RefusalReason> = new Set([
  'topic-reserved',
  'topic-not-listed',
  'subscription',
  'too-many-subscriptions',
] as const);

const MAX_OF_DEVICE = 20;
const MAX_DEVICES = 2_000;
const MAX_OF_OTHERS = 200;

type Entries = Map<string, Refusal>;

/** Adds at the end and lets go of the oldest past the bound. */
const putLast = <Value>(entries: Map<string, Value>, key: string, value: Value, max: number): void => {
  entries.delete(key);
  entries.set(key, value);
  const [oldest] = entries.keys();
  if (entries.size > max && oldest !== undefined) entries.delete(oldest);
};

const newestFirst = (entries: Entries | undefined): Refusal[] => [...(entries?.values() ?? [])].reverse();

/** Counted whatever becomes of the entry. */
const createCounters = (metrics: MetricsRegistry) => {
  const registers = [metrics];
  const labelNames = ['reason'];
  const closed = new Counter({
    name: 'wardwatch_mqtt_closed_total',
    help: 'Connections we refused or closed, by reason.',
    labelNames,
    registers,
  });
  const ignored = new Counter({
    name: 'wardwatch_mqtt_ignored_total',
    help: 'Publications and subscriptions that had no effect while their connection went on, by reason.',
    labelNames,
    registers,
  });
  return (reason: RefusalReason): void => (KEEPS_CONNECTION.has(reason) ? ignored : closed).inc({ reason });
};

/** Keeps the newest entries of each device, and of all others together. */
const createRecord = (log: Logger) => {
  const byDevice = new Map<string, Entries>();
  const others: Entries = new Map();
  const seldom = createSeldom();

  return {
    keep({ reason, name = '', address, detail }: Refused, device: string | undefined, at: number): void {
      const shownDetail = detail.slice(0, REFUSAL_TEXT_LENGTH);
      const passedOver = seldom(`${device ?? address} ${reason}`);
      if (passedOver !== undefined) {
        log.warn({ device, address, reason, detail: shownDetail, passedOver }, 'refused over MQTT');
      }
      const entries = device === undefined ? others : (byDevice.get(device) ?? new Map());
      const shownName = name.slice(0, REFUSAL_TEXT_LENGTH);
      const key = `${reason} ${address} ${shownName}`;
      const known = entries.get(key);
      const entry: Refusal = {
        reason,
        name: shownName,
        address,
        detail: shownDetail,
        count: (known?.count ?? 0) + 1,
        firstAt: known?.firstAt ?? at,
        lastAt: at,
      };
      putLast(entries, key, entry, device === undefined ? MAX_OF_OTHERS : MAX_OF_DEVICE);
      if (device !== undefined) putLast(byDevice, device, entries, MAX_DEVICES);
    },
    ofDevice: (device: string) => newestFirst(byDevice.get(device)),
    ofOthers: () => newestFirst(others),
  };
};

export const createRefusals = ({
  directory,
  clock,
  log,
  metrics,
}: {
  directory: Pick<Directory, 'isKnown'>;
  clock: WallClock;
  log: Logger;
  metrics: MetricsRegistry;
}): Refusals => {
  const count = createCounters(metrics);
  const { keep, ofDevice, ofOthers } = createRecord(log);

  return {
    note(refused) {
      const { reason, name = '', concerns } = refused;
      count(reason);
      const at = clock.now();
      void directory.isKnown(name).then((isKnown) => keep(refused, isKnown ? name : undefined, at));
      if (concerns === undefined) return;
      void directory.isKnown(concerns).then((isKnown) => isKnown && keep(refused, concerns, at));
    },
    ofDevice,
    ofOthers,
  };
};
