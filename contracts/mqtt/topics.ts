import { ID_PATTERN } from '#domain/id.ts';

/** MQTT topics, in and out, and what each carries. */

export const CHANNELS = ['vitals', 'waves', 'status', 'alarms'] as const;

export type Channel = (typeof CHANNELS)[number];

/** Where a bedside device publishes: `ward/v1/{unit}/{device}/{channel}`. */
export type DeviceTopic = { readonly unit: string; readonly device: string; readonly channel: Channel };

const isChannel = (text: string | undefined): text is Channel => CHANNELS.some((channel) => channel === text);

export const buildTopic = ({ unit, device, channel }: DeviceTopic): string => `ward/v1/${unit}/${device}/${channel}`;

/** Undefined when the topic is not one a device may publish to. */
export const parseTopic = (topic: string): DeviceTopic | undefined => {
  const [root, version, unit, device, channel, ...rest] = topic.split('/');
  if (root !== 'ward' || version !== 'v1' || rest.length > 0) return undefined;
  if (!unit || !device || !ID_PATTERN.test(unit) || !ID_PATTERN.test(device) || !isChannel(channel)) return undefined;
  return { unit, device, channel };
};

/** The topics to which integrations and, in a cluster, API nodes subscribe. */
export const liveTopics = {
  vitals: (unit: string): string => `live/v1/${unit}/vitals`,
  devices: (unit: string): string => `live/v1/${unit}/devices`,
  alarms: (unit: string): string => `live/v1/${unit}/alarms`,
  waves: (unit: string, bed: string): string => `live/v1/${unit}/waves/${bed}`,
} as const;

export const LIVE_TOPIC_PREFIX = 'live/v1/';
