import { UserError } from '#platform/errors.ts';

/**
 * The packets of a VitalDB file (`.vital`), which is gzip: `VITA`, a version, a header with its length before it, then packets
 * of a type, a length and that many bytes. Numbers are little-endian; texts are UTF-8 behind their length of 32 bits.
 * @see https://vitaldb.net/docs/?documentId=1JLIdaoYZKmBFIwXD_gOwHSSvPxU2FkZcRmFiBQDsPwg, and the Python package vitaldb
 */

export type TrackKind = 'wave' | 'number' | 'other';

/** A record of a track: one number, or samples that follow one another. `at`: where the first is in the file. */
export type VitalRecord = { readonly second: number; readonly at: number; readonly count: number };

export type VitalTrack = {
  /** With the device before it, where one is told: `Solar8000/HR`. */
  readonly name: string;
  readonly kind: TrackKind;
  /** Undefined when none is written. */
  readonly unit: string | undefined;
  /** Samples a second. */
  readonly rate: number;
  readonly read: (at: number) => number | null;
  readonly bytesPerValue: number;
  readonly records: VitalRecord[];
};

export type VitalFile = { readonly tracks: readonly VitalTrack[]; readonly isCutShort: boolean };

const SIGN = 'VITA';
const FIXED_HEADER = 10;
const PACKED_AT = 26;
const PACKET_HEADER = 5;
const RECORD = 1;
const TRACK = 0;
const DEVICE = 9;
const KINDS: Readonly<Record<number, TrackKind>> = { 1: 'wave', 2: 'number' };

type ValueFormat = {
  readonly bytes: number;
  /** What fills the gaps of a packed file. */
  readonly filler: number;
  /** Whole numbers are converted by gain and offset. */
  readonly isWhole: boolean;
  readonly read: (bytes: Buffer, at: number) => number;
};

const whole = (bytes: number, filler: number, read: ValueFormat['read']): ValueFormat => ({
  bytes,
  filler,
  isWhole: true,
  read,
});

const VALUES: Readonly<Record<number, ValueFormat>> = {
  1: { bytes: 4, filler: Number.NaN, isWhole: false, read: (bytes, at) => bytes.readFloatLE(at) },
  2: { bytes: 8, filler: Number.NaN, isWhole: false, read: (bytes, at) => bytes.readDoubleLE(at) },
  3: whole(1, -128, (bytes, at) => bytes.readInt8(at)),
  4: whole(1, 255, (bytes, at) => bytes.readUInt8(at)),
  5: whole(2, -32_768, (bytes, at) => bytes.readInt16LE(at)),
  6: whole(2, 65_535, (bytes, at) => bytes.readUInt16LE(at)),
  7: whole(4, -2_147_483_648, (bytes, at) => bytes.readInt32LE(at)),
  8: whole(4, 4_294_967_295, (bytes, at) => bytes.readUInt32LE(at)),
};

/** Larger than any value: how a recorder says that there is none. */
const NO_VALUE_ABOVE = 4e9;

/** Reads the fields of a packet one after another; at its end come zeros and empty texts, since older files have fewer. */
const createFields = (packet: Buffer) => {
  let at = 0;
  const take = (bytes: number): number | undefined => {
    if (at + bytes > packet.length) return undefined;
    at += bytes;
    return at - bytes;
  };
  const number = (bytes: number, read: (place: number) => number) => (): number => {
    const place = take(bytes);
    return place === undefined ? 0 : read(place);
  };
  const u32 = number(4, (place) => packet.readUInt32LE(place));
  return {
    u8: number(1, (place) => packet.readUInt8(place)),
    u16: number(2, (place) => packet.readUInt16LE(place)),
    u32,
    f32: number(4, (place) => packet.readFloatLE(place)),
    f64: number(8, (place) => packet.readDoubleLE(place)),
    text(): string {
      const length = u32();
      const place = take(length);
      return place === undefined ? '' : packet.toString('utf8', place, place + length);
    },
  };
};

const readDevice = (packet: Buffer, devices: Map<number, string>): void => {
  const fields = createFields(packet);
  const id = fields.u32();
  const type = fields.text();
  devices.set(id, fields.text() || type);
};

const readTrack = (
  bytes: Buffer,
  packet: Buffer,
  devices: ReadonlyMap<number, string>,
  isPacked: boolean,
): [id: number, track: VitalTrack] | undefined => {
  const fields = createFields(packet);
  const id = fields.u16();
  const kind = KINDS[fields.u8()] ?? 'other';
  const format = VALUES[fields.u8()];
  if (kind !== 'other' && !format) return undefined;
  const name = fields.text();
  const unit = fields.text();
  fields.f32();
  fields.f32();
  fields.u32();
  const rate = fields.f32();
  const gain = fields.f64();
  const offset = fields.f64();
  fields.u8();
  const device = devices.get(fields.u32());
  const read = (at: number): number | null => {
    const stored = format?.read(bytes, at) ?? Number.NaN;
    if (!Number.isFinite(stored) || (isPacked && kind === 'wave' && stored === format?.filler)) return null;
    const value = format?.isWhole && kind === 'wave' ? stored * gain + offset : stored;
    return value > NO_VALUE_ABOVE ? null : value;
  };
  const track = {
    name: device ? `${device}/${name}` : name,
    kind,
    unit: unit || undefined,
    rate,
    read,
    bytesPerValue: format?.bytes ?? 0,
    records: [],
  };
  return [id, track];
};

/** `packetAt`: where the packet begins in the file. */
const readRecord = (packet: Buffer, packetAt: number, tracks: ReadonlyMap<number, VitalTrack>): void => {
  const fields = createFields(packet);
  const infoLength = fields.u16();
  const second = fields.f64();
  const track = tracks.get(fields.u16());
  if (!track || !Number.isFinite(second)) return;
  const at = 2 + infoLength + (track.kind === 'wave' ? 4 : 0);
  if (at > packet.length) return;
  const count = track.kind === 'wave' ? packet.readUInt32LE(at - 4) : 1;
  if (at + count * track.bytesPerValue <= packet.length) track.records.push({ second, at: packetAt + at, count });
};

export const isVital = (head: string): boolean => head.startsWith(SIGN);

export const readVitalFile = (path: string, bytes: Buffer): VitalFile => {
  const headerLength = bytes.length < FIXED_HEADER ? 0 : bytes.readUInt16LE(8);
  const bodyAt = FIXED_HEADER + headerLength;
  if (bodyAt > bytes.length) throw new UserError(`${path} ends within its header: fetch it again`);
  const isPacked = headerLength > PACKED_AT && bytes.readUInt8(FIXED_HEADER + PACKED_AT) === 1;
  const devices = new Map<number, string>();
  const tracks = new Map<number, VitalTrack>();
  let at = bodyAt;
  while (at + PACKET_HEADER <= bytes.length) {
    const type = bytes.readUInt8(at);
    const length = bytes.readUInt32LE(at + 1);
    const packetAt = at + PACKET_HEADER;
    if (packetAt + length > bytes.length) break;
    const packet = bytes.subarray(packetAt, packetAt + length);
    if (type === DEVICE) readDevice(packet, devices);
    else if (type === TRACK) {
      const found = readTrack(bytes, packet, devices, isPacked);
      if (found) tracks.set(...found);
    } else if (type === RECORD) readRecord(packet, packetAt, tracks);
    at = packetAt + length;
  }
  for (const { records } of tracks.values()) records.sort((a, b) => a.second - b.second);
  return { tracks: [...tracks.values()], isCutShort: at !== bytes.length };
};
