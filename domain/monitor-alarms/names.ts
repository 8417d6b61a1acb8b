/**
 * The words of a monitor about its own alarms, as IHE PCD ACM has them (Report Alert: facets event phase, alarm state,
 * inactivation state, alert type). They are taken over as they come.
 */

/** `tpoint`: a point in time, an alarm without a duration. */
export const PHASES = ['start', 'continue', 'update', 'escalate', 'de-escalate', 'end', 'reset', 'tpoint'] as const;
export type Phase = (typeof PHASES)[number];

/** SP: physiological, ST: technical, SA: advisory. */
export const ALERT_TYPES = ['SP', 'ST', 'SA'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** What the monitor says of its own signal. */
export const MONITOR_STATES = ['active', 'inactive', 'latched'] as const;

export const MONITOR_INACTIVATIONS = [
  'enabled',
  'audio-paused',
  'audio-off',
  'alarm-paused',
  'alarm-off',
  'alert-acknowledged',
] as const;

/**
 * Why nobody can say that the alarm still holds: its `continue` stopped coming; the device is lost, silent or was not
 * heard since the station started; or the device started anew and has not sent a snapshot.
 */
export const UNCONFIRMED_CAUSES = ['continues', 'device', 'boot'] as const;
export type UnconfirmedCause = (typeof UNCONFIRMED_CAUSES)[number];

/**
 * `reported`: an alarm of the monitor. `not-confirmed`: the technical alarm of the station that alarms of the device are
 * not confirmed any more.
 */
export const MONITOR_KINDS = ['reported', 'not-confirmed'] as const;
