import type { AgeGroup } from '#domain/vitals.ts';
import { COMPANION_ROLES, type CompanionRole } from './companions.ts';
import type { Place, PlacedDevice } from './provision.ts';
import { createRandom } from './random.ts';

/** Who lies where in a simulated ward: units, beds, devices and patients, all made up and all by the seed. */

export type Companion = PlacedDevice & { readonly role: CompanionRole };
export type RosterPlace = Omit<Place, 'companions'> & {
  readonly profile: AgeGroup;
  readonly companions: readonly Companion[];
};

const UNITS: readonly { readonly id: string; readonly name: string; readonly profile: AgeGroup }[] = [
  { id: 'icu', name: 'Intensive care', profile: 'adult' },
  { id: 'hdu', name: 'High dependency', profile: 'adult' },
  { id: 'picu', name: 'Paediatric intensive care', profile: 'paediatric' },
  { id: 'nicu', name: 'Neonatal intensive care', profile: 'neonatal' },
];

const unitAt = (index: number) =>
  UNITS[index] ?? { id: `ward-${index + 1}`, name: `Ward ${index + 1}`, profile: 'adult' as const };

// biome-ignore format: a list of names
const SURNAMES = [
  'Abara', 'Berg', 'Costa', 'Dunne', 'Eriksen', 'Fischer', 'Garcia', 'Haddad', 'Ivanova', 'Jansen', 'Khan', 'Lindqvist',
  'Moreau', 'Novak', 'Okafor', 'Petrov', 'Quinn', 'Rossi', 'Suzuki', 'Tanaka', 'Ueda', 'Varga', 'Wang', 'Yilmaz',
] as const;
const FORENAMES = {
  female: ['Ada', 'Clara', 'Elena', 'Grace', 'Ines', 'Maya', 'Nora', 'Rosa', 'Wen', 'Zoe'],
  male: ['Ben', 'David', 'Felix', 'Hugo', 'Jonas', 'Karim', 'Leo', 'Omar', 'Tom', 'Wei'],
} as const;

const AGE_YEARS: Readonly<Record<AgeGroup, readonly [from: number, to: number]>> = {
  adult: [24, 88],
  paediatric: [2, 9],
  neonatal: [0.01, 0.06],
};
const YEAR_MS = 365.25 * 86_400_000;

const companionsOf = (device: string): Companion[] =>
  COMPANION_ROLES.map((role) => ({ id: `${device}-${role}`, model: `Simulated ${role}`, role }));

/**
 * `today`: epoch milliseconds, from which birth dates are counted. `companionBeds`: so many beds, from the first, have
 * other devices beside the monitor.
 */
export const createRoster = ({
  beds,
  units,
  seed,
  today,
  companionBeds = 0,
}: {
  beds: number;
  units: number;
  seed: number;
  today: number;
  companionBeds?: number | undefined;
}): RosterPlace[] => {
  const perUnit = Math.ceil(beds / units);
  const width = Math.max(2, String(perUnit).length);
  return Array.from({ length: beds }, (_, index) => {
    const { profile, ...unit } = unitAt(Math.floor(index / perUnit));
    const number = String((index % perUnit) + 1).padStart(width, '0');
    const bed = `${unit.id}-${number}`;
    const random = createRandom(seed).fork(bed);
    const sex = random.pick(['female', 'male'] as const);
    const born = today - random.between(...AGE_YEARS[profile]) * YEAR_MS;
    return {
      profile,
      unit,
      bed: { id: bed, label: `${unit.id.toUpperCase()} ${Number(number)}` },
      device: { id: `sim-${bed}`, model: 'Simulated monitor' },
      companions: index < companionBeds ? companionsOf(`sim-${bed}`) : [],
      patient: {
        mrn: `SIM-${bed}`,
        name: `${random.pick(FORENAMES[sex])} ${random.pick(SURNAMES)}`,
        birthDate: new Date(born).toISOString().slice(0, 10),
        sex,
        ageGroup: profile,
      },
    };
  });
};
