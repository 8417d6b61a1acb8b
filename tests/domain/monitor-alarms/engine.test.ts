import { expect, test } from 'vitest';
import { stepMonitor } from '#domain/monitor-alarms/engine.ts';
import { MonitorState } from '#domain/monitor-alarms/state.ts';
import { DEVICE, entryOf, OCCUPIED, reportOf, runAll, typesOf } from './support/reports.ts';

test('an alarm of the monitor begins with its text and its priority, goes on and ends', () => {
  const { happened, open } = runAll([
    reportOf(1_000, [entryOf('start')]),
    reportOf(2_000, [entryOf('continue')]),
    reportOf(3_000, [entryOf('end')]),
  ]);
  expect(typesOf(happened)).toEqual(['onset', 'ended']);
  expect(happened[0]?.alarm).toMatchObject({
    text: '*** VTACH',
    priority: 'high',
    vital: 'heart-rate',
    twin: null,
    device: DEVICE,
    origin: 'monitor',
  });
  expect(happened[1]?.cause).toBe('ended');
  expect(open).toEqual([]);
});

test('what comes twice changes nothing, and a start that comes after the end opens nothing', () => {
  const start = reportOf(1_000, [entryOf('start')]);
  const end = reportOf(2_000, [entryOf('end')]);
  const { happened } = runAll([start, { ...start, at: 1_500 }, end, { ...end, at: 2_500 }, { ...start, at: 3_000 }]);
  expect(typesOf(happened)).toEqual(['onset', 'ended']);
});

test('an alarm whose start was lost begins with what is told of it next', () => {
  const { open } = runAll([reportOf(1_000, [entryOf('continue', { text: 'VTACH', priority: 'medium' })])]);
  expect(open).toMatchObject([{ text: 'VTACH', priority: 'medium', isPriorityAssumed: false }]);
});

test('an alarm without a priority is taken for as urgent as its type can be, until one is told', () => {
  const { happened } = runAll([
    reportOf(1_000, [entryOf('start', { priority: null })]),
    reportOf(2_000, [entryOf('update', { priority: 'low' })]),
  ]);
  expect(happened.map(({ alarm }) => [alarm.priority, alarm.isPriorityAssumed])).toEqual([
    ['high', true],
    ['low', false],
  ]);
});

test('the priority is passed on as the monitor tells it, down as well as up; a rise takes the acknowledgement back', () => {
  const { happened, open } = runAll([
    reportOf(1_000, [entryOf('start', { priority: 'medium' })]),
    { type: 'acknowledge', at: 1_500, by: 'Ada', alarm: 'rs-bed-1-m1' },
    reportOf(2_000, [entryOf('de-escalate', { priority: 'low' })]),
    reportOf(3_000, [entryOf('escalate', { priority: 'high' })]),
  ]);
  expect(typesOf(happened)).toEqual(['onset', 'acknowledged', 'de-escalated', 'escalated']);
  expect(happened.map(({ alarm }) => alarm.acknowledged !== null)).toEqual([false, true, true, false]);
  expect(open[0]).toMatchObject({ priority: 'high', raisedAt: 3_000 });
});

test('what a snapshot lacks has ended; of high priority it stays until somebody has seen it', () => {
  const both = [entryOf('start'), entryOf('start', { number: '2', priority: 'medium' })];
  const { happened, open } = runAll([
    reportOf(1_000, both),
    reportOf(2_000, [], { snapshot: true }),
    { type: 'acknowledge', at: 3_000, by: 'Ada', alarm: 'rs-bed-1-m1' },
  ]);
  expect(happened.map(({ type, alarm, cause }) => [type, alarm.number, cause])).toEqual([
    ['onset', '1', null],
    ['onset', '2', null],
    ['latched', '1', 'snapshot'],
    ['ended', '2', 'snapshot'],
    ['ended', '1', 'acknowledged'],
  ]);
  expect(open).toEqual([]);
});

test('a snapshot that arrives after a newer start does not end what it could not know', () => {
  const { open } = runAll([reportOf(2_000, [entryOf('start')]), reportOf(3_000, [], { snapshot: true, seq: 1_000 })]);
  expect(open).toMatchObject([{ state: 'active' }]);
});

test('a start of the device without a snapshot leaves its alarms unconfirmed, and the snapshot decides', () => {
  const before = [reportOf(1_000, [entryOf('start')]), reportOf(2_000, [], { boot: 'b2', seq: 0 })];
  const unconfirmed = runAll(before);
  expect(unconfirmed.open.map(({ kind, unconfirmed: cause }) => [kind, cause])).toEqual([
    ['reported', 'boot'],
    ['not-confirmed', null],
  ]);
  const after = runAll([...before, reportOf(3_000, [], { boot: 'b2', seq: 1, snapshot: true })]);
  expect(after.open).toMatchObject([{ kind: 'reported', state: 'latched' }]);
});

test('a late message of an earlier start of the device opens nothing', () => {
  const { open } = runAll([
    reportOf(1_000, [], { snapshot: true }),
    reportOf(2_000, [], { boot: 'b2', snapshot: true }),
    reportOf(3_000, [entryOf('start')]),
  ]);
  expect(open).toEqual([]);
});

test('continue that stops coming is a technical alarm of its own, at its moment, and no end', () => {
  const begun = [
    reportOf(1_000, [entryOf('start')]),
    reportOf(5_000, [entryOf('continue')]),
    reportOf(9_000, [entryOf('continue')]),
  ];
  expect(typesOf(runAll([...begun, { type: 'tick', at: 18_999 }]).happened)).toEqual(['onset']);
  const late = runAll([...begun, { type: 'tick', at: 60_000 }]);
  expect(late.happened.map(({ type, at, alarm }) => [type, at, alarm.kind])).toEqual([
    ['onset', 1_000, 'reported'],
    ['unconfirmed', 19_000, 'reported'],
    ['onset', 19_000, 'not-confirmed'],
  ]);
  const back = runAll([...begun, { type: 'tick', at: 60_000 }, reportOf(61_000, [entryOf('continue')])]);
  expect(typesOf(back.happened).slice(3)).toEqual(['confirmed', 'ended']);
  expect(back.open).toMatchObject([{ kind: 'reported', state: 'active', unconfirmed: null }]);
});

test('an alarm that never sent a continue is not missed', () => {
  const { open } = runAll([reportOf(1_000, [entryOf('start')]), { type: 'tick', at: 86_400_000 }]);
  expect(open).toMatchObject([{ unconfirmed: null }]);
});

test('a device that is lost leaves its alarms there, unconfirmed, until it speaks of them again', () => {
  const lost = [
    reportOf(1_000, [entryOf('start')]),
    { type: 'link', at: 2_000, device: DEVICE, isThere: false } as const,
  ];
  expect(runAll(lost).open).toMatchObject([{ state: 'active', unconfirmed: 'device' }]);
  const back = runAll([...lost, { type: 'link', at: 3_000, device: DEVICE, isThere: true }]);
  expect(back.open).toMatchObject([{ unconfirmed: 'device' }]);
  const heard = runAll([...lost, reportOf(4_000, [entryOf('continue')])]);
  expect(heard.open).toMatchObject([{ unconfirmed: null }]);
});

test('after a start of the station nothing is confirmed before it is heard', () => {
  const { open } = runAll([reportOf(1_000, [entryOf('start')]), { type: 'resumed', at: 2_000 }]);
  expect(open).toMatchObject([{ unconfirmed: 'device' }]);
});

test('another patient ends every alarm, and so does the device that goes', () => {
  const started = reportOf(1_000, [entryOf('start')]);
  const other = runAll([started, { ...OCCUPIED, type: 'occupied', at: 2_000, encounter: 2, devices: [DEVICE] }]);
  expect(other.happened.at(-1)).toMatchObject({ type: 'ended', cause: 'occupancy' });
  const gone = runAll([started, { type: 'occupied', at: 2_000, encounter: 1, devices: [] }]);
  expect(gone.happened.at(-1)).toMatchObject({ type: 'ended', cause: 'occupancy' });
  const more = runAll([started, { type: 'occupied', at: 2_000, encounter: 1, devices: ['pump-1', DEVICE] }]);
  expect(more.open).toHaveLength(1);
});

test('a point in time is over when it comes: of high priority it stays until it is seen, else for a minute', () => {
  const high = runAll([reportOf(1_000, [entryOf('tpoint')]), { type: 'tick', at: 86_400_000 }]);
  expect(high.open).toMatchObject([{ state: 'latched' }]);
  const low = runAll([reportOf(1_000, [entryOf('tpoint', { priority: 'low' })]), { type: 'tick', at: 70_000 }]);
  expect(low.happened.map(({ type, at, cause }) => [type, at, cause])).toEqual([
    ['onset', 1_000, null],
    ['ended', 61_000, 'passed'],
  ]);
});

test('what comes late opens nothing, and its end still ends', () => {
  const { happened } = runAll([
    reportOf(1_000, [entryOf('start', { number: '7' })], { late: true }),
    reportOf(2_000, [entryOf('start')]),
    reportOf(3_000, [entryOf('end')], { late: true }),
  ]);
  expect(happened.map(({ type, alarm }) => [type, alarm.number])).toEqual([
    ['onset', '1'],
    ['ended', '1'],
  ]);
});

test('what does not differ need not be told again, but for a value that is updated', () => {
  const { happened, open } = runAll([
    reportOf(1_000, [entryOf('start', { value: 180 })]),
    reportOf(2_000, [entryOf('continue', { value: 185 })]),
    reportOf(3_000, [entryOf('update', { value: 190 })]),
  ]);
  expect(typesOf(happened)).toEqual(['onset', 'changed']);
  expect(open[0]?.value).toBe(190);
});

test('a tick more changes nothing, and the state can be written and read back at any point', () => {
  const events = [
    reportOf(1_000, [entryOf('start')]),
    reportOf(4_000, [entryOf('continue')]),
    reportOf(30_000, [entryOf('continue')]),
    reportOf(31_000, [entryOf('end')]),
  ];
  const plain = runAll(events);
  let state = stepMonitor(runAll([]).state, { type: 'tick', at: 500 }).state;
  const happened = events.flatMap((event) => {
    const ticked = stepMonitor(state, { type: 'tick', at: event.at - 1 });
    const step = stepMonitor(MonitorState.parse(JSON.parse(JSON.stringify(ticked.state))), event);
    state = step.state;
    return [...ticked.events, ...step.events];
  });
  expect(happened).toEqual(plain.happened);
});
