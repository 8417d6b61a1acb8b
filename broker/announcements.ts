import type { PublishPacket } from 'aedes';
import type { LiveChange } from '#contracts/bus.ts';
import { liveTopics } from '#contracts/mqtt/topics.ts';

/** How a change is announced to integrations. */

const topics = {
  vitals: ({ unit }) => liveTopics.vitals(unit),
  device: ({ unit }) => liveTopics.devices(unit),
  wave: ({ unit, bed }) => liveTopics.waves(unit, bed),
  alarm: ({ unit }) => liveTopics.alarms(unit),
} as const satisfies {
  [Type in LiveChange['frame']['type']]: (frame: Extract<LiveChange['frame'], { type: Type }>) => string;
};

const topicOf = ({ frame }: LiveChange): string =>
  (topics[frame.type] as (frame: LiveChange['frame']) => string)(frame);

/** Alarms are delivered at least once. Everything else may be lost, because something newer follows it. */
export const qosOf = ({ frame }: LiveChange): 0 | 1 => (frame.type === 'alarm' ? 1 : 0);

export const announcement = (change: LiveChange): PublishPacket => ({
  cmd: 'publish',
  topic: topicOf(change),
  payload: Buffer.from(change.text),
  qos: qosOf(change),
  retain: false,
  dup: false,
});
