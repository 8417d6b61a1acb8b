/**
 * MQTT 3.1.1 packets (OASIS, mqtt-v3.1.1-os) for a load that must cost little: each bed's PUBLISH is encoded once, and
 * only the digits that change are written anew.
 */

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const packet = (firstByte: number, body: Buffer): Buffer => {
  const header = [firstByte];
  let left = body.length;
  do {
    header.push((left % 128) | (left > 127 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from(header), body]);
};

const KEEPALIVE_S = 60;
const CLEAN_SESSION_WITH_USER_AND_PASSWORD = 0b1100_0010;

export const connectPacket = (username: string, password: string): Buffer =>
  packet(
    0x10,
    Buffer.concat([
      text('MQTT'),
      Buffer.from([4, CLEAN_SESSION_WITH_USER_AND_PASSWORD, 0, KEEPALIVE_S]),
      text(username),
      text(username),
      text(password),
    ]),
  );

export const CONNACK_BYTES = 4;
export const PUBACK_BYTES = 4;

export type PublishTemplate = {
  /** A fresh copy, ready to be written. `timeMs` is a whole epoch time, `seq` counts from 0. */
  readonly fill: (packetId: number, timeMs: number, seq: number) => Buffer;
};

/** QoS 1, encoded anew: for what is sent seldom. */
export const publishPacket = (topic: string, packetId: number, message: object): Buffer => {
  const id = Buffer.alloc(2);
  id.writeUInt16BE(packetId);
  return packet(0x32, Buffer.concat([text(topic), id, Buffer.from(JSON.stringify(message))]));
};

const TIME_DIGITS = 13;
const SEQ_DIGITS = 7;
const FIRST_SEQ = 10 ** (SEQ_DIGITS - 1);

/** A JSON number has no leading zeros, so both fields start with a digit that stays. */
const PLACEHOLDER_TIME = 1_000_000_000_000;

/** Values that never change are those of a frozen device, so the last digit of the heart rate goes from 0 to 4. */
const HEART_RATE = '"heart-rate":7';
const RATES = 5;

/** QoS 1. `body` is the rest of the message, after `time`, `boot` and `seq`: `"vitals":{…}`. */
export const publishTemplate = (topic: string, boot: string, body: string): PublishTemplate => {
  const head = `{"time":${PLACEHOLDER_TIME},"boot":"${boot}","seq":${FIRST_SEQ},`;
  const payload = Buffer.from(`${head}${body}}`);
  const whole = packet(0x32, Buffer.concat([text(topic), Buffer.from([0, 0]), payload]));
  const payloadAt = whole.length - payload.length;
  const idAt = payloadAt - 2;
  const timeAt = payloadAt + head.indexOf(String(PLACEHOLDER_TIME));
  const seqAt = payloadAt + head.indexOf(`:${FIRST_SEQ},`) + 1;
  const rateIn = payload.indexOf(HEART_RATE);
  const rateAt = payloadAt + rateIn + HEART_RATE.length;
  return {
    fill(packetId, timeMs, seq) {
      const copy = Buffer.allocUnsafe(whole.length);
      whole.copy(copy);
      copy.writeUInt16BE(packetId, idAt);
      writeDigits(copy, timeAt, TIME_DIGITS, timeMs);
      writeDigits(copy, seqAt, SEQ_DIGITS, FIRST_SEQ + seq);
      if (rateIn >= 0) writeDigits(copy, rateAt, 1, seq % RATES);
      return copy;
    },
  };
};

const ZERO = 48;

const writeDigits = (buffer: Buffer, at: number, digits: number, value: number): void => {
  let left = value;
  for (let place = at + digits - 1; place >= at; place--) {
    const rest = Math.floor(left / 10);
    buffer[place] = ZERO + (left - rest * 10);
    left = rest;
  }
};

const vitalsBody = (temperature: number): string =>
  `"vitals":{"heart-rate":72,"pulse-rate":72,"spo2":97,"respiratory-rate":16,"abp-systolic":121,"abp-diastolic":74,"abp-mean":90,"temperature":${temperature}}`;

/** The eight vitals of every message. */
export const VITALS_BODY = vitalsBody(36.8);

/** The same past a limit that has no delay: the alarm begins with this reading, and ends with the next normal one. */
export const FEVER_BODY = vitalsBody(40.6);
export const FEVER_ALARM = 'temperature-high';

/** What a monitor says of an alarm of its own, when it begins and when it ends. `id` is new for each. */
export const ownAlarm = (id: number, phase: 'start' | 'end') =>
  phase === 'end'
    ? { id, phase }
    : { id, phase, event: 'MDC_EVT_ECG_ATR_FIB', text: '** AFIB', priority: 'medium', type: 'SP' };

export const VITALS_A_MESSAGE = 8;

/** Neither the same from sample to sample nor foreseeable, as every sensor has it: from −1 to 1. */
const noiseAt = (index: number): number => ((Math.imul(index + 1, 2_654_435_761) >>> 16) % 101) / 50 - 1;

/** Four waveforms of `samples` values at `rateHz`, in the resolution of monitors and with a little noise. */
export const wavesBody = (rateHz: number, samples: number): string => {
  const wave = (unit: string, amplitude: number, middle: number, decimals: number, perSecond: number) => {
    const values = Array.from({ length: samples }, (_, index) => {
      const noise = 3 * 10 ** -decimals * noiseAt(index);
      return Number(
        (middle + amplitude * Math.sin((2 * Math.PI * perSecond * index) / rateHz) + noise).toFixed(decimals),
      );
    });
    return JSON.stringify({ rate: rateHz, unit, samples: values });
  };
  return `"waves":{"ecg-ii":${wave('mV', 0.8, 0, 3, 2)},"pleth":${wave('1', 0.4, 0.5, 3, 1)},"abp":${wave('mm[Hg]', 25, 95, 1, 1)},"resp":${wave('Ohm', 0.6, 0, 3, 0.25)}}`;
};
