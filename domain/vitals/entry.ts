/** What a row of the vital-sign catalogue says. */

export const AGE_GROUPS = ['adult', 'paediatric', 'neonatal'] as const;
export type AgeGroup = (typeof AGE_GROUPS)[number];

export type Limits = { readonly low: number | null; readonly high: number | null };

/** How often a vital is normally measured; this decides when its value is old and when it is blanked. */
export type MeasurementClass = 'continuous' | 'intermittent';

/** The vitals that several sources measure, each under a code of its own. */
export type FedVital = 'respiratory-rate' | 'fio2';

export type VitalEntry = {
  readonly mdc: number;
  readonly mdcId: string;
  /** null: no code is confirmed. */
  readonly loinc: string | null;
  readonly aliases: readonly string[];
  /** The unit in UCUM; every stored value is in it. */
  readonly unit: string;
  readonly label: { readonly en: string; readonly zh: string };
  readonly short: string;
  /** The range that an instrument can report at all; a reading outside it is rejected as implausible. */
  readonly plausible: readonly [min: number, max: number];
  /**
   * Values above the first number and up to the second that no instrument gives in this unit, but many give in another
   * (0.97 for 97 %, 16 kPa). They are refused when no unit is sent with them. A vital has such a range only where it
   * hides no true value, an arterial pressure of 16 is real; or where senders commonly use two units and any value could be
   * in either.
   */
  readonly questioned?: readonly [above: number, upTo: number];
  /** How far back inside a limit a value must be before the alarm ends, in the vital's unit; absent: see the presets. */
  readonly hysteresis?: number;
  /**
   * The vital that this one is a source of: a message that brings this one brings that one as well, which has the limits
   * (decision 0022).
   */
  readonly feeds?: FedVital;
  readonly decimals: number;
  readonly measured: MeasurementClass;
  readonly limits: Readonly<Record<AgeGroup, Limits>>;
  /** The revision of the presets that added the vital or changed its limits; absent: one of the first two. */
  readonly presetRevision?: number;
  readonly colour: string;
};

/** Limits by age group; a group that is left out has those of the group before it. */
export const limits = (adult: [number | null, number | null], paediatric = adult, neonatal = paediatric) => ({
  adult: { low: adult[0], high: adult[1] },
  paediatric: { low: paediatric[0], high: paediatric[1] },
  neonatal: { low: neonatal[0], high: neonatal[1] },
});

/** No limit is established: the site sets one where it wants one. */
export const NO_LIMITS = limits([null, null]);
