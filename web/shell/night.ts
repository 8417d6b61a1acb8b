/** At night the screen is dimmed; whatever has an alarm is as bright as by day. */

export const NIGHT_CHOICES = ['day', 'night', 'hours'] as const;
export type NightChoice = (typeof NIGHT_CHOICES)[number];

/** Hours of the day, by the station's clock in the time zone of the screen. */
const NIGHT_FROM = 22;
const NIGHT_UNTIL = 6;

export const isNight = (choice: NightChoice, nowMs: number): boolean => {
  if (choice !== 'hours') return choice === 'night';
  const hour = new Date(nowMs).getHours();
  return hour >= NIGHT_FROM || hour < NIGHT_UNTIL;
};
