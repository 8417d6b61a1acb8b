import type { Journal } from '#contracts/ports/journal.ts';
import { initialState } from '#domain/alarms/state.ts';
import type { SavedState } from '../formats/upcast.ts';
import type { AlarmChange } from '../live/changes.ts';
import type { Registry } from '../registry.ts';
import type { Announcing } from './announcing.ts';
import type { Decisions } from './decisions.ts';
import type { Inbox } from './inbox.ts';
import { FIRST_PRESETS, isSameConfig, type OnUnreadable, readStates } from './saved.ts';
import type { Stamps } from './stamps.ts';
import { createSubject, STATION, type Subject } from './subject.ts';
import { STATION_CONFIG, type Subjects } from './subjects.ts';

/** The states of the beds were not all written at the same moment. */
const STAGGER_MS = 1_000;

/** Brings subjects back as they were before a restart. */
export type Restoring = {
  /** Reads what the last life of the station left. Must be called first. */
  readonly read: () => Promise<void>;
  readonly station: () => void;
  /** Adds the bed, as it was before the restart or new. True when it was known before. */
  readonly bed: (registry: Registry, bed: { readonly id: string; readonly unit: string }) => boolean;
};

export type RestoringDependencies = {
  readonly subjects: Subjects;
  readonly journal: Pick<Journal, 'checkpoints'>;
  readonly now: () => number;
  readonly decisions: Pick<Decisions, 'remember'>;
  readonly announcing: Pick<Announcing, 'announced'>;
  readonly stamps: Pick<Stamps, 'remember'>;
  readonly inbox: Pick<Inbox, 'put' | 'resume'>;
  readonly announce: (bed: string | null, change: AlarmChange) => void;
  /** Bytes that nobody can read. A subject whose state they were begins anew. */
  readonly onUnreadable: OnUnreadable;
  /** The state of a subject has a vital or kind in it that this program does not know, and goes on without it. */
  readonly onUnknown: (subject: string, what: string) => void;
};

export const createRestoring = ({
  subjects: { station, beds },
  journal,
  now,
  decisions,
  announcing,
  stamps,
  inbox,
  announce,
  onUnreadable,
  onUnknown,
}: RestoringDependencies): Restoring => {
  let states: Map<string, SavedState> = new Map();
  /** One moment for all subjects: nothing was decided between the end of the last life of the station and this. */
  let startedAt = 0;

  /** Restores what was announced before, without announcing it again, and has the subject go on from now. */
  const goOn = (subject: Subject): void => {
    decisions.remember(subject);
    const announced = announcing.announced(subject);
    stamps.remember(announced.alarms);
    announce(subject.bed, { events: [], ...announced });
    inbox.resume(subject, startedAt);
  };

  return {
    async read() {
      startedAt = now();
      states = await readStates(journal.checkpoints(), onUnreadable, (subject) => (what) => onUnknown(subject, what));
    },
    station() {
      const saved = states.get(STATION);
      if (saved) {
        station.state = saved.state;
        station.savedRevision = saved.state.revision;
        station.config = saved.config ?? FIRST_PRESETS.adult;
      }
      goOn(station);
      if (!isSameConfig(station.config, STATION_CONFIG)) {
        inbox.put(station, { type: 'configured', config: STATION_CONFIG });
      }
    },
    bed(registry, { id, unit }) {
      const saved = states.get(id);
      const state = saved?.state ?? initialState(id);
      // Until its settings change, the settings that were in force decide.
      const config = saved?.config ?? registry.configOf(id, saved ? state.at : now(), saved && FIRST_PRESETS);
      const subject = createSubject({ bed: id, unit, config, state, staggerMs: beds.size * STAGGER_MS });
      beds.set(id, subject);
      states.delete(id);
      if (saved) goOn(subject);
      return saved !== undefined;
    },
  };
};
