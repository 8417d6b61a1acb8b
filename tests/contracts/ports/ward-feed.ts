import { describe, expect, test } from 'vitest';
import type { LiveChange } from '#contracts/bus.ts';
import type { SnapshotFrame } from '#contracts/live.ts';
import type { FeedListener, WardFeed } from '#contracts/ports/ward-feed.ts';

/** What every feed of a ward must do, whatever holds the present. */
export type WardFeedSubject = {
  /** The feed of a ward with the unit `icu` and at least one bed in it. */
  readonly feed: WardFeed;
  /** Something is measured, or an alarm begins, at a bed of the unit; resolves when its change has been published. */
  readonly change: () => Promise<void>;
  /** A bed comes to the unit, or a unit to the ward. */
  readonly changeRoster: () => Promise<void>;
};

const hear = (feed: WardFeed): { changes: LiveChange['frame'][]; units: string[]; end: () => void } => {
  const changes: LiveChange['frame'][] = [];
  const units: string[] = [];
  const listener: FeedListener = {
    changed: ({ frame }) => void changes.push(frame),
    unitChanged: (unit) => void units.push(unit),
  };
  return { changes, units, end: feed.subscribe(listener) };
};

const icu = async (feed: WardFeed): Promise<SnapshotFrame> => {
  const snapshot = await feed.snapshot('icu');
  if (!snapshot) throw new Error('there is no unit icu');
  return snapshot;
};

const placeOf = ({ epoch, seq }: SnapshotFrame): object => ({ epoch, seq });

export const describeWardFeed = (name: string, createSubject: () => Promise<WardFeedSubject>): void => {
  describe(`a feed of the ward: ${name}`, () => {
    test('there are its units, and no snapshot of a unit that is not there', async () => {
      const { feed } = await createSubject();
      expect((await feed.units()).map(({ id }) => id)).toContain('icu');
      expect((await icu(feed)).beds.length).toBeGreaterThan(0);
      expect(await feed.snapshot('nowhere')).toBeUndefined();
    });

    test('the changes after a snapshot are each one more, of its epoch, and the next snapshot has the place of the last', async () => {
      const { feed, change } = await createSubject();
      const { changes } = hear(feed);
      const before = await icu(feed);
      changes.length = 0;
      for (let count = 0; count < 5; count++) await change();
      const places = changes.map((frame) => 'epoch' in frame && { epoch: frame.epoch, seq: frame.seq });
      expect(places).toEqual([1, 2, 3, 4, 5].map((more) => ({ epoch: before.epoch, seq: before.seq + more })));
      expect(placeOf(await icu(feed))).toEqual(places.at(-1));
    });

    test('a change is in the snapshot by the time it is heard', async () => {
      const { feed, change } = await createSubject();
      const asked: Promise<SnapshotFrame>[] = [];
      const seqs: number[] = [];
      feed.subscribe({
        changed({ frame }) {
          seqs.push(frame.seq);
          asked.push(icu(feed));
        },
        unitChanged: () => undefined,
      });
      for (let count = 0; count < 3; count++) await change();
      const snapshots = await Promise.all(asked);
      expect(seqs).toHaveLength(3);
      for (const [index, seq] of seqs.entries()) expect(snapshots[index]?.seq).toBeGreaterThanOrEqual(seq);
    });

    test('a text is its frame', async () => {
      const { feed, change } = await createSubject();
      const heard: LiveChange[] = [];
      feed.subscribe({ changed: (one) => void heard.push(one), unitChanged: () => undefined });
      await change();
      expect(heard.map(({ text }) => JSON.parse(text))).toEqual(heard.map(({ frame }) => frame));
      expect(heard).toHaveLength(1);
    });

    test('another roster is told as such and takes a place', async () => {
      const { feed, changeRoster } = await createSubject();
      const { units } = hear(feed);
      const { seq } = await icu(feed);
      await changeRoster();
      expect(units).toContain('icu');
      expect((await icu(feed)).seq).toBeGreaterThan(seq);
    });

    test('who has ended hears nothing more, and a listener that throws costs the others nothing', async () => {
      const { feed, change } = await createSubject();
      const ended = hear(feed);
      feed.subscribe({
        changed() {
          throw new Error('a broken screen');
        },
        unitChanged: () => undefined,
      });
      const other = hear(feed);
      ended.end();
      await change();
      expect(ended.changes).toEqual([]);
      expect(other.changes).toHaveLength(1);
    });
  });
};
