import { dispatch, type Handlers } from '../dispatch.ts';
import type { Alarm, AlarmAction } from './alarm.ts';
import { KIND_IDS, mayBeOff } from './conditions.ts';
import type { AlarmConfig } from './settings.ts';

/** An action that cannot be done. `not-found`: there is no such alarm (any more). `invalid`: it makes no sense. */
export class ActionRefusedError extends Error {
  readonly reason: 'not-found' | 'invalid';
  constructor(reason: 'not-found' | 'invalid', detail: string) {
    super(detail);
    this.name = 'ActionRefusedError';
    this.reason = reason;
  }
}

type Refuse = Handlers<AlarmAction, [open: readonly Alarm[], config: AlarmConfig], ActionRefusedError | undefined>;

const missing = (id: string) => new ActionRefusedError('not-found', `there is no alarm ${id} now`);
const invalid = (detail: string) => new ActionRefusedError('invalid', detail);
const unknownKind = (kind: string | null) =>
  kind !== null && !KIND_IDS.includes(kind) ? invalid(`there is no kind of alarm ${kind}`) : undefined;

const refuse: Refuse = {
  acknowledge: ({ alarm }, open) => (open.some(({ id }) => id === alarm) ? undefined : missing(alarm)),
  reset({ alarm: id }, open) {
    if (id === null) return undefined;
    const alarm = open.find((candidate) => candidate.id === id);
    if (!alarm) return missing(id);
    return alarm.state === 'latched' ? undefined : invalid('its condition has not ended: acknowledge it instead');
  },
  inactivate({ what, kind, until, at }, _open, config) {
    if (what === 'alarm-off') {
      if (kind === null || !mayBeOff(kind)) return invalid('only the alarms of one limit can be switched off');
      return until === null ? undefined : invalid('alarm-off has no end; a pause has');
    }
    if (what === 'standby') {
      if (kind !== null) return invalid('standby is of the whole bed');
      return until === null ? undefined : invalid('standby has no end; it ends by itself when data comes again');
    }
    if (until === null) return invalid('a pause needs an end');
    const lengthMs = until - at;
    if (lengthMs <= 0) return invalid('a pause ends after it began');
    if (lengthMs > config.maxPauseMs) return invalid(`a pause lasts at most ${config.maxPauseMs / 1_000} s here`);
    return unknownKind(kind);
  },
  reactivate: ({ kind }) => unknownKind(kind),
};

/** Why an action cannot be done; undefined when it can. `open` are the alarms that are open now. */
export const actionRefusal = (
  action: AlarmAction,
  open: readonly Alarm[],
  config: AlarmConfig,
): ActionRefusedError | undefined => dispatch(refuse, action, open, config);
