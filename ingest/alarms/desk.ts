import type { AlarmDesk, BedAlarms } from '#contracts/ports/alarm-desk.ts';
import { ActionRefusedError, actionRefusal } from '#domain/alarms/actions.ts';
import type { AlarmAction } from '#domain/alarms/alarm.ts';
import { openAlarms } from '#domain/alarms/state.ts';
import type { Announced, Announcing } from './announcing.ts';
import type { Inbox } from './inbox.ts';
import type { Stamps } from './stamps.ts';
import type { Handling, NewInput, Subject } from './subject.ts';
import { allOf, type Subjects } from './subjects.ts';

/** The alarm desk: what people ask of the engine and do to alarms. */

type Check = NonNullable<Handling['check']>;

const bedAlarms = ({ bed, unit }: Subject, { alarms, inactivations }: Announced): BedAlarms[] =>
  bed === null || unit === null || alarms.length + inactivations.length === 0
    ? []
    : [{ unit, bed, alarms, inactivations }];

const noBed = (bed: string | null): ActionRefusedError => new ActionRefusedError('not-found', `there is no bed ${bed}`);

const checkAction: Check = (input, { state, config }) => {
  const refusal = actionRefusal(input as AlarmAction, openAlarms(state), config);
  if (refusal) throw refusal;
};

const checkIsOccupied: Check = (_input, { state }) => {
  if (state.encounter === null) throw new ActionRefusedError('invalid', 'nobody is in this bed');
};

export const createDesk = ({
  subjects,
  inbox,
  announcing,
  stamps,
}: {
  subjects: Subjects;
  inbox: Pick<Inbox, 'put'>;
  announcing: Pick<Announcing, 'announced'>;
  stamps: Pick<Stamps, 'shown'>;
}): AlarmDesk => {
  const { station, beds } = subjects;

  /** Resolves when the action is stored and announced. */
  const put = (subject: Subject, input: NewInput, check: Check): Promise<void> =>
    new Promise((resolve, reject) => inbox.put(subject, input, { check, onRefused: reject, onStored: resolve }));

  return {
    async active(unit) {
      const inUnit = [...beds.values()].filter((subject) => unit === undefined || subject.unit === unit);
      return {
        beds: inUnit.flatMap((subject) => bedAlarms(subject, announcing.announced(subject))),
        station: announcing.announced(station).alarms,
      };
    },
    config: async (bed) => beds.get(bed)?.config,
    bedOf: async (id) => allOf(subjects).find(({ state }) => openAlarms(state).some((alarm) => alarm.id === id))?.bed,
    async act(bed, action) {
      const subject = bed === null ? station : beds.get(bed);
      if (!subject) throw noBed(bed);
      await put(subject, action, checkAction);
    },
    async recordOxygen(bed, { by, roomAir }) {
      const subject = beds.get(bed);
      if (!subject) throw noBed(bed);
      await put(subject, { type: 'oxygen', by, roomAir }, checkIsOccupied);
    },
    shown: stamps.shown,
  };
};
