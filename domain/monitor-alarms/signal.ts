import type { Inactivation } from '../alarms/alarm.ts';
import type { AlarmSignal } from '../alarms/signal.ts';
import type { MonitorAlarm } from './alarm.ts';

/**
 * What a person is to see and hear of an alarm of a monitor here. Pauses of the whole bed cover it as they cover the
 * station's own alarms; what is switched off of one limit of the station is not the monitor's. What the monitor does at
 * the bedside is not changed by any of it.
 */
export const signalOfMonitor = (alarm: MonitorAlarm, inactivations: readonly Inactivation[]): AlarmSignal => {
  const ofBed = inactivations.filter(({ kind }) => kind === null);
  const isHigh = alarm.priority === 'high';
  if (!isHigh && ofBed.some(({ what }) => what === 'alarm-paused')) {
    return { isSeen: false, isHeard: false, inactivation: 'alarm-paused' };
  }
  if (alarm.acknowledged) return { isSeen: true, isHeard: false, inactivation: 'acknowledged' };
  const isPaused = ofBed.some(({ what, since }) => what === 'audio-paused' && (!isHigh || alarm.raisedAt <= since));
  return { isSeen: true, isHeard: !isPaused, inactivation: isPaused ? 'audio-paused' : null };
};
