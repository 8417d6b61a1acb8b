import { connect } from 'mqtt';
import { WebSocket } from 'ws';
import { AlarmFrame, ServerFrame } from '#contracts/live.ts';
import { liveTopics } from '#contracts/mqtt/topics.ts';
import type { AlarmEvent } from '#domain/alarms/alarm.ts';
import type { TestStation } from './station.ts';

/** Those to whom alarms are announced, across any number of deaths of the station: they come back by themselves. */
export type AlarmChannel = {
  readonly name: string;
  /** Every event in a frame, in order of arrival. */
  readonly events: readonly AlarmEvent[];
  /** Every alarm in a frame or in a snapshot. */
  readonly seen: ReadonlySet<string>;
  /** From when to when everything was announced to it; the last is open as long as it is connected. */
  readonly watched: readonly { readonly from: number; readonly to: number }[];
  readonly stop: () => void;
};

const RECONNECT_MS = 50;

const createRecord = () => {
  const events: AlarmEvent[] = [];
  const seen = new Set<string>();
  const watched: { from: number; to: number }[] = [];
  return {
    events,
    seen,
    watched,
    frame({ events: happened, alarms }: AlarmFrame) {
      events.push(...happened);
      for (const event of happened) if ('alarm' in event) seen.add(event.alarm.id);
      for (const { id } of alarms) seen.add(id);
    },
    begins() {
      watched.push({ from: Date.now(), to: Number.POSITIVE_INFINITY });
    },
    ends() {
      const last = watched.at(-1);
      if (last) last.to = Math.min(last.to, Date.now());
    },
  };
};

/** A screen of one unit. */
export const watchLive = async (station: TestStation, unit: string): Promise<AlarmChannel> => {
  const headers = { authorization: `Bearer ${await station.token('viewer')}` };
  const record = createRecord();
  let socket: WebSocket | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isStopped = false;

  const take = (frame: ServerFrame): void => {
    if (frame.type === 'alarm') record.frame(frame);
    if (frame.type !== 'snapshot') return;
    const alarms = [...frame.beds.flatMap((bed) => bed.alarms), ...frame.stationAlarms];
    for (const { id } of alarms) record.seen.add(id);
    record.begins();
  };
  const open = (): void => {
    const opened = new WebSocket(`${station.addresses().http.replace('http', 'ws')}/api/v1/live`, { headers });
    socket = opened;
    opened.on('open', () => opened.send(JSON.stringify({ type: 'subscribe', units: [unit] })));
    opened.on('message', (data) => take(ServerFrame.parse(JSON.parse(String(data)))));
    opened.on('error', () => undefined);
    opened.on('close', () => {
      record.ends();
      if (!isStopped) retry = setTimeout(open, RECONNECT_MS);
    });
  };
  open();
  return {
    ...record,
    name: 'the screen',
    stop() {
      isStopped = true;
      clearTimeout(retry);
      socket?.terminate();
    },
  };
};

/** An integration whose session outlives its connection. */
export const watchMqtt = async (station: TestStation, unit: string): Promise<AlarmChannel> => {
  const record = createRecord();
  const client = connect(station.addresses().mqtt, {
    clientId: 'test:alarms',
    username: 'token',
    password: await station.token('integration'),
    clean: false,
    reconnectPeriod: RECONNECT_MS,
    resubscribe: false,
  });
  client.on('error', () => undefined);
  client.on('connect', () =>
    client.subscribe(liveTopics.alarms(unit), { qos: 1 }, (error) => error || record.begins()),
  );
  client.on('close', record.ends);
  client.on('message', (_topic, payload) => record.frame(AlarmFrame.parse(JSON.parse(payload.toString()))));
  return { ...record, name: 'the integration', stop: () => void client.end(true) };
};
