import { follow } from './apply.ts';
import { allBeds, type WardState } from './state.ts';
import { MAX_WAVES, type Wanted } from './subscription.ts';

type Deps = { readonly state: WardState; readonly chosenUnits: () => readonly string[] };

/** What this screen wants to be told of: its units, that of the bed that is open, and waves. */
export const createInterest = ({ state, chosenUnits }: Deps) => {
  /** The bed that a page shows closely, and its unit once that is known. */
  let opened: { readonly bed: string; unit: string | undefined } | undefined;
  let waveBeds: readonly string[] = [];

  /** Where the bed that is open lies is not known before all units have been asked. */
  const wantedUnits = (): readonly string[] => {
    const chosen = chosenUnits();
    if (!opened || chosen.length === 0) return chosen;
    const { bed } = opened;
    opened.unit = allBeds(state).find(({ id }) => id === bed)?.unit ?? opened.unit;
    return opened.unit === undefined ? [] : [...chosen, opened.unit];
  };

  return {
    /** Follows the units that are wanted; undefined when there is none to be asked for. */
    wanted(): Wanted | undefined {
      follow(state, wantedUnits());
      if (state.units.size === 0) return undefined;
      const beds = allBeds(state).map(({ id }) => id);
      return { units: [...state.units.keys()], waves: beds.length > MAX_WAVES ? waveBeds : beds };
    },
    /** The bed that a page shows closely is followed, whichever units were chosen. */
    openBed(bed: string | undefined): void {
      if (opened?.bed !== bed) opened = bed === undefined ? undefined : { bed, unit: undefined };
    },
    /** Where there are more beds than can be asked for: those whose waves are wanted. */
    setWaveBeds(beds: readonly string[]): void {
      waveBeds = beds;
    },
  };
};
