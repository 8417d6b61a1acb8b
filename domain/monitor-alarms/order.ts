import { z } from 'zod';

/** The order in which a device told things of its alarms, whatever order they arrive in. */

/** Where a message stands among those of its device and boot. `seq` −1: it has no number, and its time decides. */
export const Place = z.object({ seq: z.number(), time: z.number() });
export type Place = z.infer<typeof Place>;

/** The same message again is not newer. Without numbers, messages of one moment are the same. */
export const isNewer = (one: Place, other: Place | null): boolean => {
  if (other === null) return true;
  return one.seq >= 0 && other.seq >= 0 ? one.seq > other.seq : one.time > other.time;
};

/** A message without a number does not make the number before it unknown. */
export const later = (one: Place, other: Place | null): Place =>
  other === null
    ? one
    : { seq: Math.max(one.seq, other.seq), time: isNewer(one, other) ? one.time : Math.max(one.time, other.time) };

/** How far each alarm of a device is known, also of those that have ended: a start that comes late opens none again. */
export const Track = z.object({
  device: z.string(),
  /** The present start of the device, and those before it that may still be heard of. */
  boot: z.string(),
  past: z.array(z.string()),
  /** Up to here everything is known: a snapshot said so, or it is too long ago. */
  floor: Place.nullable(),
  known: z.array(z.object({ number: z.string(), place: Place })),
});
export type Track = z.infer<typeof Track>;

/** Far more than a monitor has at a time. What is older counts as known. */
const MAX_KNOWN = 256;
const MAX_PAST = 8;

export const newTrack = (device: string, boot: string): Track => ({ device, boot, past: [], floor: null, known: [] });

export const placeOf = ({ known, floor }: Track, number: string): Place | null =>
  known.find((each) => each.number === number)?.place ?? floor;

/** What is told of the alarm at this place is known from now on. */
export const note = (track: Track, number: string, place: Place): Track => {
  const before = track.known.find((each) => each.number === number)?.place ?? null;
  const others = track.known.filter((each) => each.number !== number);
  const known = [...others, { number, place: later(place, before) }];
  const [oldest] = known;
  if (known.length <= MAX_KNOWN || !oldest) return { ...track, known };
  return { ...track, known: known.slice(1), floor: later(oldest.place, track.floor) };
};

/** Everything up to this place is known. */
export const raiseFloor = (track: Track, place: Place): Track => ({
  ...track,
  floor: later(place, track.floor),
  known: track.known.filter((each) => isNewer(each.place, place)),
});

/** The device started anew: numbers begin again. */
export const beginBoot = ({ device, boot, past }: Track, next: string): Track => ({
  ...newTrack(device, next),
  past: [...past, boot].slice(-MAX_PAST),
});
