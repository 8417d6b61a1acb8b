import { expect, test } from 'vitest';
import { MAX_ALARMS_OF_A_MESSAGE } from '#contracts/mqtt/monitor-alarms.ts';
import { decodeAlarms } from '../../../ingest/monitor-alarms/decode.ts';
import { createRandom } from '../../../simulators/random.ts';

const decode = (message: unknown) => decodeAlarms(Buffer.from(JSON.stringify(message)));
const START = { id: '32', phase: 'start', event: 'MDC_EVT_ECG_ASYSTOLE' };

const FULL = {
  ...START,
  code: 199684,
  text: '***ASYSTOLE',
  priority: 'high',
  type: 'SP',
  state: 'active',
  inactivation: 'enabled',
  source: 'heart-rate',
  value: 0,
  unit: '/min',
  limits: [50, 120],
};

test('an alarm is read as it was told, and what was not told is null', () => {
  const { messages, faults } = decode({ time: '2026-11-22T10:00:00Z', boot: 'b7', seq: 3, alarms: [FULL, START] });
  expect(faults).toEqual([]);
  const { id: number, ...told } = FULL;
  expect(messages).toMatchObject([{ boot: 'b7', seq: 3, snapshot: false, items: [{ number, ...told }, {}] }]);
  expect(messages[0]?.items[1]).toMatchObject({ number: '32', text: null, priority: null, limits: null });
});

test('an id may be a number, and null is as if it were left out', () => {
  const { messages, faults } = decode({ alarms: [{ ...START, id: 32, text: null, priority: null }] });
  expect(faults).toEqual([]);
  expect(messages[0]?.items[0]).toMatchObject({ number: '32', text: null });
});

test('an end needs no more than its id', () => {
  const { messages, faults } = decode({ alarms: [{ id: 1, phase: 'end' }] });
  expect(faults).toEqual([]);
  expect(messages[0]?.items).toHaveLength(1);
});

test.each([
  ['no name', { id: 1, phase: 'start' }, 'needs event, code or text'],
  ['no id', { phase: 'start', text: 'VT' }, 'alarm at place 0: id'],
  ['no phase', { id: 1, text: 'VT' }, 'alarm 1: phase'],
  ['an unknown phase', { ...START, phase: 'stop' }, 'alarm 32: phase'],
  ['an unknown field', { ...START, prio: 'high' }, 'prio is no field'],
  ['an unknown priority', { ...START, priority: 'PH' }, 'alarm 32: priority'],
  ['a text with a control character', { ...START, text: 'a\u0007b' }, 'alarm 32: text'],
  ['a text that is too long', { ...START, text: 'x'.repeat(201) }, 'alarm 32: text'],
  ['one limit', { ...START, limits: [50] }, 'alarm 32: limits'],
  ['a value in quotes', { ...START, value: '0' }, 'alarm 32: value'],
  ['no object', 'VT', 'not an object'],
  ['null', null, 'not an object'],
])('an alarm with %s is refused by its name, and its neighbours are taken', (_what, bad, detail) => {
  const { messages, faults } = decode({ alarms: [bad, { ...START, id: 'good' }] });
  expect(messages[0]?.items.map(({ number }) => number)).toEqual(['good']);
  expect(faults).toMatchObject([{ reason: 'alarm-invalid' }]);
  expect(faults[0]?.detail).toContain(detail);
});

test('a field that is twice in an alarm refuses it', () => {
  const { messages, faults } = decodeAlarms(
    Buffer.from('{"alarms":[{"id":1,"phase":"start","phase":"end","text":"VT"},{"id":2,"phase":"end"}]}'),
  );
  expect(messages[0]?.items.map(({ number }) => number)).toEqual(['2']);
  expect(faults[0]?.detail).toContain('phase is there twice');
});

test.each([
  ['an alarm that is refused', { snapshot: true, alarms: [START, { id: 2 }] }],
  ['a time that is refused', { snapshot: true, time: 'yesterday', alarms: [] }],
  ['a number that is refused', { snapshot: true, seq: -3, alarms: [] }],
  ['no clear word', { snapshot: 'yes', alarms: [] }],
])('a snapshot with %s is none, and says so', (_what, message) => {
  const { messages, faults } = decode(message);
  expect(messages[0]?.snapshot).toBe(false);
  expect(faults.length).toBeGreaterThan(0);
});

test.each([
  ['alarms that are no list', { alarms: {} }],
  ['no alarms at all', { time: 1 }],
  ['no object', 7],
])('a message with %s is refused', (_what, message) => {
  const { messages, faults } = decode(message);
  expect(messages).toEqual([]);
  expect(faults).toMatchObject([{ reason: 'payload-invalid' }]);
});

test('too many alarms in a message are refused together, and its number counts', () => {
  const alarms = Array.from({ length: MAX_ALARMS_OF_A_MESSAGE + 1 }, (_, id) => ({ ...START, id }));
  const { messages, faults } = decode({ boot: 'b1', seq: 4, snapshot: true, alarms });
  expect(messages).toMatchObject([{ seq: 4, snapshot: false, items: [] }]);
  expect(faults.map(({ reason }) => reason)).toContain('payload-invalid');
});

test('keys that JavaScript knows are fields like any other', () => {
  const { messages, faults } = decodeAlarms(
    Buffer.from('{"__proto__":{"alarms":[]},"alarms":[{"id":1,"phase":"end","__proto__":{}}]}'),
  );
  expect(messages[0]?.items).toEqual([]);
  expect(faults[0]?.detail).toContain('__proto__ is no field');
});

test('whatever bytes come, there is an answer', () => {
  const random = createRandom(7);
  const valid = Buffer.from(JSON.stringify({ boot: 'b', seq: 1, snapshot: true, alarms: [FULL, START] }));
  for (let round = 0; round < 2_000; round++) {
    const bytes = Buffer.from(valid);
    for (let changes = 0; changes < 4; changes++) {
      bytes[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
    }
    const cut = bytes.subarray(0, Math.floor(random.next() * (bytes.length + 1)));
    for (const payload of [bytes, cut]) {
      const { messages, faults } = decodeAlarms(payload);
      expect(messages.length + faults.length).toBeGreaterThan(0);
    }
  }
});
