import { expect, test } from 'vitest';
import { PRESETS } from '#domain/alarms/settings.ts';
import { type AnnouncedSpan, type LateEpisode, type LateReading, ownParts } from '../../review/late-parts.ts';

const SECOND = 1_000;

const episode = (from: number, to: number, condition: LateEpisode['condition']): LateEpisode => ({
  kind: 'heart-rate-low',
  vital: 'heart-rate',
  condition,
  settings: PRESETS.adult.vitals['heart-rate'],
  from: from * SECOND,
  to: to * SECOND,
});

const announced = (from: number, to: number, condition: AnnouncedSpan['condition'], kind = 'heart-rate-low') => ({
  kind,
  condition,
  from: from * SECOND,
  to: to * SECOND,
});

/** One a second, of one value. */
const readings = (from: number, to: number, value: number): LateReading[] =>
  Array.from({ length: to - from }, (_, second) => ({ time: (from + second) * SECOND, value }));

const shown = (parts: ReturnType<typeof ownParts>) =>
  parts.map(({ from, to, condition, worst }) => [from / SECOND, to / SECOND, condition, worst]);

const GAP = [{ from: 100 * SECOND, to: 400 * SECOND }];

test('what nobody announced is late as far as the late readings go', () => {
  const late = readings(100, 400, 30);
  expect(shown(ownParts(episode(50, 500, 'extreme-bradycardia'), GAP, late, []))).toEqual([
    [100, 400, 'extreme-bradycardia', 30],
  ]);
});

test('a milder one, another kind, and one at another time cover nothing', () => {
  const late = readings(100, 400, 30);
  const beside = [
    announced(90, 410, 'low-limit'),
    announced(90, 410, 'asystole', 'respiratory-rate-low'),
    announced(0, 20, 'asystole'),
    announced(480, 600, 'asystole'),
  ];
  expect(shown(ownParts(episode(50, 500, 'extreme-bradycardia'), GAP, late, beside))).toEqual([
    [100, 400, 'extreme-bradycardia', 30],
  ]);
});

test('one that is as bad or worse covers the time in which it was announced, and not the rest', () => {
  const late = readings(100, 400, 30);
  const beside = [announced(50, 115, 'extreme-bradycardia'), announced(300, 500, 'asystole')];
  expect(shown(ownParts(episode(50, 500, 'extreme-bradycardia'), GAP, late, beside))).toEqual([
    [115, 300, 'extreme-bradycardia', 30],
  ]);
});

test('one that stopped for less than a minute was heard all the while; a second at its edge is no alarm', () => {
  const late = readings(100, 150, 30);
  const gap = [{ from: 100 * SECOND, to: 150 * SECOND }];
  const stopped = [announced(50, 115, 'extreme-bradycardia'), announced(152, 300, 'extreme-bradycardia')];
  expect(ownParts(episode(50, 300, 'extreme-bradycardia'), gap, late, stopped)).toEqual([]);
  const edge = [announced(103, 300, 'extreme-bradycardia')];
  expect(ownParts(episode(50, 300, 'extreme-bradycardia'), gap, late, edge)).toEqual([]);
});

test('an episode whose worst moment was live is late only as bad as its late readings', () => {
  const late = readings(100, 400, 45);
  const beside = [announced(50, 100, 'asystole')];
  expect(shown(ownParts(episode(50, 500, 'asystole'), GAP, late, beside))).toEqual([[100, 400, 'low-limit', 45]]);
});

test('a moment that came late, as of a cuff, is one of its own', () => {
  const moment = [{ from: 200 * SECOND, to: 200 * SECOND }];
  const late = [{ time: 200 * SECOND, value: 30 }];
  expect(shown(ownParts(episode(200, 900, 'extreme-bradycardia'), moment, late, []))).toEqual([
    [200, 200, 'extreme-bradycardia', 30],
  ]);
});

test('readings without a number tell nothing of how bad it was', () => {
  const late = [...readings(100, 110, Number.NaN), ...readings(110, 120, 45)];
  expect(shown(ownParts(episode(100, 120, 'low-limit'), GAP, late, []))).toEqual([[100, 120, 'low-limit', 45]]);
});
