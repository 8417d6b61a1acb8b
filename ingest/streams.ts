import type { Stream } from './gaps.ts';
import type { StreamKey } from './statements/streams.ts';

/** The streams whose gaps are watched, in memory. */
export type Streams = {
  readonly get: (key: StreamKey) => Stream | undefined;
  readonly set: (key: StreamKey, stream: Stream) => void;
};

/**
 * A device has one boot, and for a while the one before it. One that names a new boot in every message must not fill
 * memory: the boot that was quiet for longest is forgotten, and begins anew when it is heard again.
 */
export const MAX_WATCHED_BOOTS = 8;

export const createStreams = (): Streams => {
  const byLine = new Map<string, Map<string, Stream>>();
  const lineOf = ({ channel, device }: StreamKey): string => `${channel}/${device}`;

  return {
    get: (key) => byLine.get(lineOf(key))?.get(key.boot),
    set(key, stream) {
      const boots = byLine.get(lineOf(key)) ?? new Map<string, Stream>();
      byLine.set(lineOf(key), boots);
      // A Map keeps the order of insertion: the boot that was set last is forgotten last.
      boots.delete(key.boot);
      boots.set(key.boot, stream);
      const [quietest] = boots.keys();
      if (boots.size > MAX_WATCHED_BOOTS && quietest !== undefined) boots.delete(quietest);
    },
  };
};
