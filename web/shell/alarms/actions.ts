import { z } from 'zod';

/** What a person asks the station to do about alarms. Every request ends in a plain answer, never in an error. */

/** `gone`: there is no such alarm any more. `failed`: nobody knows whether it was done. */
export type Answer = 'done' | 'gone' | 'forbidden' | 'refused' | 'failed';

/** IEC 60601-1-8 leaves the length to the site: where the site allows less, it is that. */
export const AUDIO_PAUSE_MS = 120_000;

/** Longer than the station takes to store and announce; a person stands there and waits. */
const TIMEOUT_MS = 5_000;

const ANSWERS: Readonly<Record<number, Answer>> = { 401: 'forbidden', 403: 'forbidden', 404: 'gone' };

const answerOf = (status: number): Answer => {
  if (status < 400) return 'done';
  return ANSWERS[status] ?? (status < 500 ? 'refused' : 'failed');
};

const Config = z.object({ maxPauseMs: z.number() });

/** The worst of several. */
const SEVERITY: readonly Answer[] = ['done', 'gone', 'refused', 'forbidden', 'failed'];

export const worstAnswer = (answers: readonly Answer[]): Answer =>
  answers.toSorted((a, b) => SEVERITY.indexOf(b) - SEVERITY.indexOf(a))[0] ?? 'done';

export type AlarmActions = ReturnType<typeof createAlarmActions>;

export const createAlarmActions = (request: typeof fetch) => {
  const post = async (path: string, body?: object): Promise<Answer> => {
    try {
      const response = await request(`/api/v1/${path}`, {
        method: 'POST',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
      });
      return answerOf(response.status);
    } catch {
      return 'failed';
    }
  };
  const part = encodeURIComponent;

  /** If the site's limit cannot be asked, the station refuses what is too long. */
  const longestPauseMs = async (bed: string): Promise<number> => {
    try {
      const response = await request(`/api/v1/beds/${part(bed)}/alarm-settings`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return Config.parse(await response.json()).maxPauseMs;
    } catch {
      return AUDIO_PAUSE_MS;
    }
  };

  return {
    acknowledge: (alarm: string) => post(`alarms/${part(alarm)}/acknowledge`),
    resetAlarm: (alarm: string) => post(`alarms/${part(alarm)}/reset`),
    /** Every alarm of the bed whose condition is over. */
    resetBed: (bed: string) => post(`beds/${part(bed)}/alarms/reset`),
    pauseAudio: async (bed: string) => {
      const durationMs = Math.min(AUDIO_PAUSE_MS, await longestPauseMs(bed));
      return post(`beds/${part(bed)}/inactivations`, { what: 'audio-paused', durationMs });
    },
  };
};
