import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HEARTBEAT_MS, LINK_LOST_AFTER_MS, type ServerFrame } from '#contracts/live.ts';
import type { Alarm } from '#domain/alarms/alarm.ts';
import type { Socket } from '../../../web/shell/live/connection.ts';
import { createSettings } from '../../../web/shell/settings.ts';
import { createWall } from '../../../web/wall/wall.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { DEVICE_LIMITS } from '../../support/live-device.ts';
import { ALARM_TIME, alarm } from '../alarm-samples.ts';
import { fakeAudio } from '../shell/sound/fake-audio.ts';

const noAudio = (): AudioContext => {
  throw new Error('no sound here');
};

/** The whole way from a frame on the socket to the board, the sound and the echo, without a browser. */
const setUp = ({ openAudio = noAudio } = {}) => {
  const clock = createFakeClock(ALARM_TIME);
  const sent: { type: string; alarms?: string[] }[] = [];
  const drawn: (() => void)[] = [];
  let socket: Socket | undefined;
  const wall = createWall({
    settings: createSettings(new URLSearchParams(), ['en']),
    openSocket: () => {
      socket = {
        send: (text) => sent.push(JSON.parse(String(text))),
        close: () => {},
        onopen: null,
        onmessage: null,
        onclose: null,
      };
      return socket;
    },
    readSession: async () => ({ state: 'signed-in', isOperator: false }),
    openAudio,
    afterDrawing: (callback) => drawn.push(callback),
    clock,
    random: () => 1,
    history: { stayedSince: async () => undefined, lastHour: async () => undefined },
  });
  const say = (frame: ServerFrame) =>
    socket?.onmessage?.call(socket as unknown as WebSocket, { data: JSON.stringify(frame) } as MessageEvent);
  const nowMs = clock.now;
  const pass = (ms: number) => {
    clock.advance(ms);
    wall.tick();
  };
  const draw = () => {
    for (const callback of drawn.splice(0)) callback();
  };
  const bed = (alarms: Alarm[]) => ({
    id: 'bed-1',
    label: 'ICU 1',
    patient: null,
    vitals: {},
    limits: {},
    deviceLimits: DEVICE_LIMITS,
    alarms,
    inactivations: [],
  });
  const connect = () => {
    wall.start();
    socket?.onopen?.call(socket as unknown as WebSocket, {} as Event);
  };
  const join = (alarms: Alarm[]) => {
    connect();
    const units = [{ id: 'icu', name: 'ICU' }];
    say({ type: 'welcome', time: nowMs(), heartbeatMs: HEARTBEAT_MS, version: '1', units });
    say({
      type: 'snapshot',
      unit: 'icu',
      name: 'ICU',
      seq: 1,
      epoch: 'e1',
      time: nowMs(),
      beds: [bed(alarms)],
      devices: [],
      stationAlarms: [],
    });
    wall.tick();
  };
  const alarmFrame = (seq: number, alarms: Alarm[]) =>
    say({
      type: 'alarm',
      unit: 'icu',
      seq,
      epoch: 'e1',
      time: nowMs(),
      bed: 'bed-1',
      events: [],
      alarms,
      inactivations: [],
    });
  const listed = () => wall.board.banner.value.items.map(({ id }) => id);
  const echoed = () => sent.flatMap(({ type, alarms }) => (type === 'shown' ? [alarms] : []));
  return { wall, pass, draw, connect, say, nowMs, join, alarmFrame, listed, echoed };
};

beforeEach(() => {
  // The canvases are watched for their size as soon as there is a painter.
  vi.stubGlobal('ResizeObserver', class {});
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a station that has no unit yet', () => {
  it('is live, and loses its link as any other', () => {
    const { wall, pass, connect, say, nowMs } = setUp();
    connect();
    pass(1_000);
    expect(wall.board.link.value.state).toBe('connecting');
    say({ type: 'welcome', time: nowMs(), heartbeatMs: HEARTBEAT_MS, version: '1', units: [] });
    for (let beat = 0; beat < 10; beat += 1) {
      pass(HEARTBEAT_MS);
      say({ type: 'heartbeat', time: nowMs(), seq: {}, epoch: {} });
      wall.tick();
      expect(wall.board.link.value.state).toBe('live');
    }
    pass(2 * LINK_LOST_AFTER_MS);
    expect(wall.board.link.value.state).toBe('lost');
  });
});

describe('an alarm on its way to a person', () => {
  it('is on the page with the next tick after its frame, however shortly after the last', () => {
    const { join, alarmFrame, pass, listed, wall } = setUp();
    join([]);
    pass(10);
    alarmFrame(2, [alarm({ id: 'a' })]);
    pass(1);
    expect(listed()).toEqual(['a']);
    expect(wall.board.beds.value[0]?.tileClass.value).toContain('alarm-medium');
  });

  it('is told to the station as shown once it was drawn, also when it came with the snapshot', () => {
    const { join, alarmFrame, pass, draw, echoed } = setUp();
    join([alarm({ id: 'a' })]);
    expect(echoed()).toEqual([]);
    draw();
    expect(echoed()).toEqual([['a']]);
    alarmFrame(2, [alarm({ id: 'a' }), alarm({ id: 'b' })]);
    pass(1);
    draw();
    pass(500);
    draw();
    expect(echoed()).toEqual([['a'], ['b']]);
  });

  it('is neither listed nor told as shown while the page is hidden', () => {
    const { wall, join, alarmFrame, pass, draw, listed, echoed } = setUp();
    join([]);
    wall.setHidden(true);
    alarmFrame(2, [alarm({ id: 'a' })]);
    pass(500);
    draw();
    expect(listed()).toEqual([]);
    expect(echoed()).toEqual([]);
    wall.setHidden(false);
    draw();
    expect(listed()).toEqual(['a']);
    expect(echoed()).toEqual([['a']]);
  });

  it('goes with the link: what was true before it was lost is not shown as true now', () => {
    const { wall, join, pass, listed } = setUp();
    join([alarm({ id: 'a' })]);
    expect(listed()).toEqual(['a']);
    pass(LINK_LOST_AFTER_MS + 1);
    expect(listed()).toEqual([]);
    expect(wall.board.link.value.state).toBe('lost');
    expect(wall.board.beds.value[0]?.tileClass.value).toBe('tile');
  });
});

describe('sound', () => {
  const READY_PULSES = 2;
  const HIGH_PULSES = 10;

  it('is off when the browser refuses it, and the page says so', async () => {
    const { wall, join } = setUp();
    join([alarm({ id: 'a', priority: 'high' })]);
    wall.sound.toggle();
    await Promise.resolve();
    expect(wall.sound.isOn.value).toBe(false);
  });

  it('goes on in a page that nobody sees, and is not asked of the browser before a person did', async () => {
    const audio = fakeAudio(0);
    let opened = 0;
    const openAudio = () => {
      opened += 1;
      return audio.context;
    };
    const { wall, join, pass } = setUp({ openAudio });
    join([alarm({ id: 'a', priority: 'high' })]);
    wall.setHidden(true);
    pass(500);
    expect(opened).toBe(0);
    wall.sound.toggle();
    await vi.waitFor(() => expect(wall.sound.isOn.value).toBe(true));
    pass(500);
    expect(audio.pulses).toHaveLength(READY_PULSES + HIGH_PULSES);
    wall.sound.toggle();
    expect(wall.sound.isOn.value).toBe(false);
    pass(2_000);
    expect(audio.pulses).toHaveLength(READY_PULSES + HIGH_PULSES);
  });

  it('has a tone of its own for a link that is lost', async () => {
    const audio = fakeAudio(0);
    const { wall, join, pass } = setUp({ openAudio: () => audio.context });
    join([]);
    wall.sound.toggle();
    await vi.waitFor(() => expect(wall.sound.isOn.value).toBe(true));
    pass(LINK_LOST_AFTER_MS + 1);
    expect(audio.pulses.slice(READY_PULSES).map(({ hertz }) => hertz)).toEqual([392, 293.66]);
  });
});
