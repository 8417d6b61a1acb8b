/** Under which keys the journal keeps states of monitors' alarms. No bed and no other subject has such a key. */
export const MONITOR_KEY = '_monitor/';

export const isMonitorKey = (key: string): boolean => key.startsWith(MONITOR_KEY);
