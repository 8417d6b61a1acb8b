import { expect, it } from 'vitest';
import { pathOf, type Route, routeOf } from '../../../web/shell/router.ts';

it.each<[string, Route]>([
  ['/wall', { page: 'wall' }],
  ['/beds/icu%2001', { page: 'bed', bed: 'icu 01' }],
  ['/alarms', { page: 'alarms' }],
  ['/admin', { page: 'admin' }],
  ['/sessions', { page: 'sessions' }],
  ['/devices/monitor-01', { page: 'device', device: 'monitor-01' }],
])('%s is a page with an address of its own', (path, route) => {
  expect(routeOf(path)).toEqual(route);
  expect(pathOf(route)).toBe(path);
});

it.each(['/', '/devices', '/nothing'])('%s shows the wall', (path) => {
  expect(routeOf(path)).toEqual({ page: 'wall' });
});
