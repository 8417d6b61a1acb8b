import type { PublishPacket } from 'aedes';
import type { LiveChange } from '#contracts/bus.ts';
import { liveTopics } from '#contracts/mqtt/topics.ts';
import { dispatch, type Handlers } from '#domain/dispatch.ts';

/** How a change is announced to integrations. */

const topics: Handlers<LiveChange['frame'], [], string> = {
  vitals: ({ unit }) => liveTopics.vitals(unit),
  device: ({ unit }) => liveTopics.devices(unit),
  wave: ({ unit, bed }) => liveTopics.waves(unit, bed),
  alarm: ({ unit }) => liveTopics.alarms(unit),
};

/** Alarms are delivered at least once. Everything else may be lost, because something newer follows it. */
export const qosOf = ({ frame }: LiveChange): 0 | 1 => (frame.type === 'alarm' ? 1 : 0);

export const announcement = (change: LiveChange): PublishPacket => ({
  cmd: 'publish',
  topic: dispatch(topics, change.frame),
  payload: Buffer.from(change.text),
  qos: qosOf(change),
  retain: false,
  dup: false,
});
