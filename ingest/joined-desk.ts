import type { AlarmDesk, BedAlarms } from '#contracts/ports/alarm-desk.ts';
import type { MonitorDesk } from './monitor-alarms/desk.ts';

/** One desk for the alarms of the station's engine and for those that monitors report: people ask for an alarm by its id. */

const withMonitors = (beds: readonly BedAlarms[], monitors: ReturnType<MonitorDesk['active']>): BedAlarms[] => {
  const byBed = new Map(monitors.map(({ bed, alarms }) => [bed, alarms]));
  const known = new Set(beds.map(({ bed }) => bed));
  const only = monitors.filter(({ bed }) => !known.has(bed));
  return [
    ...beds.map((bed) => ({ ...bed, monitorAlarms: byBed.get(bed.bed) ?? [] })),
    ...only.map(({ unit, bed, alarms }) => ({ unit, bed, alarms: [], inactivations: [], monitorAlarms: alarms })),
  ];
};

export const joinDesks = (desk: AlarmDesk, monitors: MonitorDesk): AlarmDesk => ({
  ...desk,
  async active(unit) {
    const { beds, station } = await desk.active(unit);
    return { beds: withMonitors(beds, monitors.active(unit)), station };
  },
  async bedOf(alarm) {
    const bed = await desk.bedOf(alarm);
    return bed === undefined ? monitors.bedOf(alarm) : bed;
  },
  async act(bed, action) {
    const isOfAlarm = action.type === 'acknowledge' || action.type === 'reset';
    const isMonitors = isOfAlarm && bed !== null && action.alarm !== null && monitors.bedOf(action.alarm) === bed;
    if (isMonitors) return monitors.act(bed, action);
    await desk.act(bed, action);
    // All of a bed: both kinds.
    if (action.type === 'reset' && action.alarm === null && bed !== null) await monitors.act(bed, action);
  },
});
