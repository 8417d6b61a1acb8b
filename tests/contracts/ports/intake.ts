import { describe, expect, test } from 'vitest';
import type { Intake } from '#contracts/ports/intake.ts';
import { eventually } from '../../support/eventually.ts';
import { createRecordingSink, type RecordingSink } from './recording-sink.ts';

/** What every intake must do, whatever stands behind it. */
export type IntakeSubject = {
  /** The intake, not started. It knows every device whose name begins with m. */
  readonly intake: Intake;
  /** More bytes than it holds unsettled, of all devices together. */
  readonly moreThanItHolds: number;
  /** Resolves when the device is let in; rejects when it is not. To be called once the intake is started. */
  readonly connect: (device: string) => Promise<IntakeDevice>;
  /** Rejects, as a stranger is not let in. */
  readonly connectStranger: () => Promise<unknown>;
};

export type IntakeDevice = {
  /** Publishes at least once. Resolves with whether the message was acknowledged before the connection ended. */
  readonly publish: (topic: string, payload: string, options?: { readonly isRetained?: boolean }) => Promise<boolean>;
  /** Ends the connection in good order. */
  readonly leave: () => Promise<void>;
  /** Ends the connection without a goodbye. */
  readonly vanish: () => void;
};

const topicOf = (device: string, channel = 'vitals'): string => `ward/v1/icu/${device}/${channel}`;

/** Whether it is acknowledged already, without waiting for it. */
const watch = (publication: Promise<boolean>) => {
  let isAcknowledged = false;
  void publication.then((is) => {
    isAcknowledged = is;
  });
  return () => isAcknowledged;
};

/** A round trip on the same connection: what was to be answered before it has been answered when it returns. */
const roundTrip = async (device: IntakeDevice, name: string, recorded: RecordingSink): Promise<void> => {
  const text = `round trip ${recorded.taken.length}`;
  const publication = device.publish(topicOf(name, 'waves'), text);
  await eventually(() => expect(recorded.textsTaken()).toContain(text));
  recorded.taken.find(({ message }) => message.payload.toString() === text)?.settle();
  await publication;
};

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

type Open = () => Promise<IntakeSubject>;

const begin = async (open: Open) => {
  const subject = await open();
  const recorded = createRecordingSink();
  await subject.intake.start(recorded.sink);
  return { ...subject, recorded, ...recorded };
};

const describeAcknowledgement = (open: Open): void => {
  test('a message is acknowledged when it is settled, and never before', async () => {
    const { connect, recorded, taken } = await begin(open);
    const device = await connect('m1');
    const publication = device.publish(topicOf('m1'), 'reading');
    const isAcknowledged = watch(publication);
    await eventually(() => expect(taken).toHaveLength(1));
    await roundTrip(device, 'm1', recorded);
    expect(isAcknowledged()).toBe(false);
    taken[0]?.settle();
    expect(await publication).toBe(true);
  });

  test('a message that is settled before it is taken in is acknowledged all the same', async () => {
    const { connect, settleAtOnce } = await begin(open);
    settleAtOnce();
    const device = await connect('m1');
    expect(await device.publish(topicOf('m1'), 'reading')).toBe(true);
  });

  test('messages of a device are taken in the order in which it sent them, whenever they are settled', async () => {
    const { connect, taken, textsTaken } = await begin(open);
    const device = await connect('m1');
    const texts = Array.from({ length: 80 }, (_, index) => `reading ${index}`);
    const publications = Promise.all(texts.map((text) => device.publish(topicOf('m1'), text)));
    for (let settled = 0; settled < texts.length; ) {
      await eventually(() => expect(taken.length).toBeGreaterThan(settled), { everyMs: 1 });
      // The newest first.
      const fresh = taken.slice(settled);
      settled += fresh.length;
      for (const { settle } of fresh.reverse()) settle();
    }
    expect(await publications).toEqual(texts.map(() => true));
    expect(textsTaken()).toEqual(texts);
  });

  test('a payload stays as it is until its message is settled', async () => {
    const { connect, recorded, taken } = await begin(open);
    const device = await connect('m1');
    const text = 'x'.repeat(5_000);
    const publication = device.publish(topicOf('m1'), text);
    await eventually(() => expect(taken).toHaveLength(1));
    for (let count = 0; count < 20; count++) await roundTrip(device, 'm1', recorded);
    expect(taken[0]?.message.payload.toString()).toBe(text);
    taken[0]?.settle();
    await publication;
  });

  test('a device whose messages are not settled holds up itself, and not another', async () => {
    const { connect, recorded, taken } = await begin(open);
    const stuck = await connect('m1');
    for (let count = 0; count < 50; count++) void stuck.publish(topicOf('m1'), `waiting ${count}`);
    await eventually(() => expect(taken.length).toBeGreaterThan(0));
    const other = await connect('m2');
    for (let count = 0; count < 5; count++) await roundTrip(other, 'm2', recorded);
  });
};

const describeMessages = (open: Open): void => {
  test('a message is told with its device, its channel, its topic, when it came, and whether it may be old', async () => {
    const { connect, settleAtOnce, taken } = await begin(open);
    settleAtOnce();
    const device = await connect('m1');
    for (const channel of ['vitals', 'waves', 'status']) await device.publish(topicOf('m1', channel), channel);
    await device.publish(topicOf('m1'), 'kept by a bridge', { isRetained: true });
    expect(
      taken.map(({ message: { payload, receivedAt: _, qos: __, ...message } }) => [payload.toString(), message]),
    ).toEqual([
      ...['vitals', 'waves', 'status'].map((channel) => [
        channel,
        { device: 'm1', channel, topic: topicOf('m1', channel), isRepeat: false },
      ]),
      ['kept by a bridge', { device: 'm1', channel: 'vitals', topic: topicOf('m1'), isRepeat: true }],
    ]);
    // An intake that knows the quality of service tells it rightly.
    for (const { message } of taken) expect([undefined, 1]).toContain(message.qos);
    const times = taken.map(({ message }) => message.receivedAt);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('a message on no topic of a device is refused with a reason, and acknowledged once that is kept', async () => {
    const { connect, recorded, refused, taken } = await begin(open);
    const device = await connect('m1');
    const publication = device.publish('ward/v1/icu/m1', 'misplaced');
    const isAcknowledged = watch(publication);
    await eventually(() => expect(refused).toHaveLength(1));
    expect(refused[0]?.message).toMatchObject({ device: 'm1', topic: 'ward/v1/icu/m1', reason: 'topic-invalid' });
    expect(refused[0]?.message.payload.toString()).toBe('misplaced');
    expect(refused[0]?.message.detail).not.toBe('');
    await roundTrip(device, 'm1', recorded);
    expect(isAcknowledged()).toBe(false);
    refused[0]?.settle();
    expect(await publication).toBe(true);
    expect(taken.map(({ message }) => message.channel)).not.toContain('vitals');
  });

  test('a message on the topic of another device is refused, kept, and never acknowledged', async () => {
    const { connect, refused, taken } = await begin(open);
    const device = await connect('m1');
    const publication = device.publish(topicOf('m2'), 'forged');
    await eventually(() => expect(refused).toHaveLength(1));
    expect(refused[0]?.message).toMatchObject({ device: 'm1', topic: topicOf('m2'), reason: 'topic-not-yours' });
    refused[0]?.settle();
    expect(await publication).toBe(false);
    expect(taken).toEqual([]);
  });

  test('what there is no room for is shown and not acknowledged; sent again, once there is room, it is stored', async () => {
    const { connect, moreThanItHolds, shown, taken, textsTaken, settleAtOnce } = await begin(open);
    const bytes = 8 * 1_024;
    const names = Array.from({ length: Math.ceil(moreThanItHolds / bytes) }, (_, index) => `m${index + 1}`);
    const sent = await Promise.all(
      names.map(async (name) => ({ name, device: await connect(name), text: name.padEnd(bytes, '.') })),
    );
    const publications = sent.map(({ name, device, text }) => device.publish(topicOf(name), text));
    await eventually(() => expect(taken.length + shown.length).toBe(sent.length));
    const without = shown.map(({ device }) => device);
    expect(without.length).toBeGreaterThan(0);
    expect(taken.reduce((sum, { message }) => sum + message.payload.length, 0)).toBeLessThan(moreThanItHolds);
    settleAtOnce();
    for (const { settle } of taken.slice()) settle();
    const acknowledged = await Promise.all(publications);
    expect(
      sent
        .filter((_, index) => !acknowledged[index])
        .map(({ name }) => name)
        .sort(),
    ).toEqual(without.sort());
    const [late = ''] = without;
    const again = await connect(late);
    expect(await again.publish(topicOf(late), 'again')).toBe(true);
    expect(textsTaken()).toContain('again');
  });
};

const describeLinks = (open: Open): void => {
  test('a device that comes is told once, and one that goes is told once, however it goes', async () => {
    const { connect, links } = await begin(open);
    const polite = await connect('m1');
    await eventually(() => expect(links).toEqual(['+m1']));
    await polite.leave();
    await eventually(() => expect(links).toEqual(['+m1', '-m1']));
    const rude = await connect('m2');
    rude.vanish();
    await eventually(() => expect(links).toEqual(['+m1', '-m1', '+m2', '-m2']));
  });

  test('a device that is connected twice is told twice, and each of the two when it ends', async () => {
    const { connect, links } = await begin(open);
    const [first, second] = [await connect('m1'), await connect('m1')];
    await eventually(() => expect(links).toEqual(['+m1', '+m1']));
    await first.leave();
    await eventually(() => expect(links).toEqual(['+m1', '+m1', '-m1']));
    await second.leave();
    await eventually(() => expect(links).toEqual(['+m1', '+m1', '-m1', '-m1']));
  });

  test('who is not let in is told to nobody', async () => {
    const { connectStranger, calls } = await begin(open);
    await expect(connectStranger()).rejects.toThrow();
    expect(calls()).toBe(0);
  });
};

const describeStop = (open: Open): void => {
  test('once it is stopped nothing is told any more, and all that came has gone', async () => {
    const { intake, connect, recorded, taken, links, calls } = await begin(open);
    const devices = await Promise.all(['m1', 'm2', 'm3'].map(connect));
    // More than are in hand at a time: some wait for their turn when the end comes.
    const publications = Array.from({ length: 90 }, (_, index) => devices[0]?.publish(topicOf('m1'), `${index}`));
    await eventually(() => expect(taken.length).toBeGreaterThan(0));
    await intake.stop();
    const callsAtStop = calls();
    expect([...links].sort()).toEqual(['+m1', '+m2', '+m3', '-m1', '-m2', '-m3']);
    for (const { settle } of recorded.taken.slice()) settle();
    expect(await Promise.all(publications)).not.toContain(true);
    for (let turn = 0; turn < 20; turn++) await nextTurn();
    expect(calls()).toBe(callsAtStop);
  });

  test('what was not settled was not acknowledged when it stops, and nobody is let in any more', async () => {
    const { intake, connect, taken } = await begin(open);
    const device = await connect('m1');
    const publication = device.publish(topicOf('m1'), 'reading');
    await eventually(() => expect(taken).toHaveLength(1));
    await intake.stop();
    expect(await publication).toBe(false);
    await expect(connect('m1')).rejects.toThrow();
  });

  test('it may be stopped twice, and without ever having been started', async () => {
    const { intake } = await begin(open);
    await intake.stop();
    await intake.stop();
    const { intake: idle } = await open();
    await idle.stop();
  });
};

export const describeIntake = (name: string, open: Open): void => {
  describe(`an intake: ${name}`, () => {
    describeAcknowledgement(open);
    describeMessages(open);
    describeLinks(open);
    describeStop(open);
  });
};
