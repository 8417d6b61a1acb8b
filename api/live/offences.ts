import type { LiveLimits } from './limits.ts';

/** What a screen sends, held to a limit. */
export type Offences = {
  /** A frame came. False: it is one too many and is not to be looked at. */
  readonly mayReceive: () => boolean;
  /** The frame that may be received is one of these; false: it is one too many after all. */
  readonly take: (kind: 'shown' | 'other') => boolean;
  /** It was sent an alarm, which it may answer by saying that it is shown. */
  readonly expectAnswer: () => void;
  /** True when it has offended too often. */
  readonly add: () => boolean;
  readonly startHeartbeat: () => void;
};

export const createOffences = (limits: LiveLimits): Offences => {
  let frames = 0;
  /** Alarm frames not answered yet: a flood of alarms must not make an offender of who shows them. */
  let answersOpen = 0;
  let offences = 0;
  const isOver = (): boolean => frames >= limits.clientFramesPerHeartbeat;
  return {
    mayReceive: () => !isOver() || answersOpen > 0,
    take(kind) {
      if (kind === 'shown' && answersOpen > 0) answersOpen -= 1;
      else if (isOver()) return false;
      else frames += 1;
      return true;
    },
    expectAnswer() {
      answersOpen = Math.min(answersOpen + 1, limits.answersOpen);
    },
    add() {
      offences += 1;
      return offences >= limits.offences;
    },
    startHeartbeat() {
      frames = 0;
    },
  };
};
