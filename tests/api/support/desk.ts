import type { AlarmDesk } from '#contracts/ports/alarm-desk.ts';
import { ActionRefusedError, actionRefusal } from '#domain/alarms/actions.ts';
import type { Alarm, AlarmAction, Inactivation } from '#domain/alarms/alarm.ts';
import { type AlarmConfig, PRESETS } from '#domain/alarms/settings.ts';

type DeskBed = { unit: string; bed: string; config: AlarmConfig; alarms: Alarm[]; inactivations: Inactivation[] };

/** The alarms of a few beds in memory, without an engine: it checks and notes what is asked, and does the simplest. */
export const createDesk = () => {
  const beds = new Map<string, DeskBed>();
  const station: Alarm[] = [];
  const asked: { readonly bed: string | null; readonly action: AlarmAction }[] = [];
  const recorded: { readonly bed: string; readonly by: string; readonly roomAir: boolean }[] = [];
  const empty = new Set<string>();
  const shown: string[][] = [];

  const openIn = (bed: string | null): Alarm[] => (bed === null ? station : (beds.get(bed)?.alarms ?? []));

  const apply = (bed: string | null, action: AlarmAction): void => {
    const open = openIn(bed);
    if (action.type === 'acknowledge') {
      const index = open.findIndex(({ id }) => id === action.alarm);
      const alarm = open[index];
      if (alarm) open[index] = { ...alarm, acknowledged: { by: action.by, at: action.at } };
    }
    const entry = bed === null ? undefined : beds.get(bed);
    if (action.type === 'inactivate') {
      const { what, kind, by, at, until } = action;
      entry?.inactivations.push({ what, kind, by, since: at, until, covered: [] });
    }
  };

  const desk: AlarmDesk = {
    active: async (unit) => ({
      beds: [...beds.values()]
        .filter((bed) => unit === undefined || bed.unit === unit)
        .map((bed) => ({ ...bed, alarms: [...bed.alarms] })),
      station: [...station],
    }),
    config: async (bed) => beds.get(bed)?.config,
    async bedOf(id) {
      if (station.some((alarm) => alarm.id === id)) return null;
      return [...beds.values()].find(({ alarms }) => alarms.some((alarm) => alarm.id === id))?.bed;
    },
    async act(bed, request) {
      const action = { ...request, at: 50_000 } as AlarmAction;
      if (bed !== null && !beds.has(bed)) throw new ActionRefusedError('not-found', `there is no bed ${bed}`);
      const config = (bed === null ? undefined : beds.get(bed)?.config) ?? PRESETS.adult;
      const refusal = actionRefusal(action, openIn(bed), config);
      if (refusal) throw refusal;
      asked.push({ bed, action });
      apply(bed, action);
    },
    async recordOxygen(bed, oxygen) {
      if (!beds.has(bed)) throw new ActionRefusedError('not-found', `there is no bed ${bed}`);
      if (empty.has(bed)) throw new ActionRefusedError('invalid', 'nobody is in this bed');
      recorded.push({ bed, ...oxygen });
    },
    shown: (alarms) => void shown.push([...alarms]),
  };

  return {
    desk,
    station,
    asked,
    recorded,
    shown,
    addBed(unit: string, bed: string, alarms: readonly Alarm[] = [], isEmpty = false): void {
      if (isEmpty) empty.add(bed);
      beds.set(bed, { unit, bed, config: PRESETS.adult, alarms: [...alarms], inactivations: [] });
    },
  };
};
