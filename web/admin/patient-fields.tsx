import type { Signal } from '@preact/signals';
import type { Patient } from '#contracts/http/patients.ts';
import { ageGroupOf, birthDateProblem } from '#domain/age.ts';
import { Choices, Field } from '../parts/form.tsx';
import type { AdminText } from './text/en.ts';

/** What is known of a patient, as it stands in a form: texts, empty where nothing is known. */
export type PatientForm = {
  readonly name: string;
  readonly mrn: string;
  readonly birthDate: string;
  readonly sex: Patient['sex'];
  readonly ageGroup: Patient['ageGroup'];
};

export const NO_PATIENT: PatientForm = { name: '', mrn: '', birthDate: '', sex: 'unknown', ageGroup: 'adult' };

export const formOf = ({ name, mrn, birthDate, sex, ageGroup }: Patient): PatientForm => ({
  name,
  mrn: mrn ?? '',
  birthDate: birthDate ?? '',
  sex,
  ageGroup,
});

export const patientOf = ({ name, mrn, birthDate, sex, ageGroup }: PatientForm): Omit<Patient, 'id'> => ({
  name: name.trim(),
  mrn: mrn.trim() === '' ? null : mrn.trim(),
  birthDate: birthDate === '' ? null : birthDate,
  sex,
  ageGroup,
});

const choicesOf = <Value extends string>(names: Readonly<Record<Value, string>>) =>
  Object.entries<string>(names).map(([value, label]) => ({ value, label }));

/** Only what differs from the record: a field that a person did not change is not sent. */
export const changesOf = (form: PatientForm, present: Patient): Partial<Omit<Patient, 'id'>> =>
  Object.fromEntries(Object.entries(patientOf(form)).filter(([key, value]) => present[key as keyof Patient] !== value));

/** A date of birth cannot be in the future. */
export const isBornInTime = ({ birthDate }: PatientForm, nowMs: number): boolean =>
  birthDate === '' || birthDateProblem(birthDate, nowMs) === undefined;

/** What the date of birth says of itself and of the age group. */
const birthHint = ({ birthDate, ageGroup }: PatientForm, nowMs: number, text: AdminText): string => {
  if (birthDate === '') return text.optional;
  const problem = birthDateProblem(birthDate, nowMs);
  if (problem) return text.birthDateProblems[problem];
  const byBirth = ageGroupOf(birthDate, nowMs);
  return byBirth === ageGroup ? '' : text.ageGroupByBirth(text.ageGroups[byBirth]);
};

type FieldsProps = {
  readonly text: AdminText;
  readonly form: Signal<PatientForm>;
  readonly nowMs: number;
  /** The date of birth decides the age group of a patient who is new. */
  readonly isNew: boolean;
};

export const PatientFields = ({ text, form, nowMs, isNew }: FieldsProps) => {
  const putBirthDate = (birthDate: string): void => {
    const isKnown = isNew && birthDate !== '' && birthDateProblem(birthDate, nowMs) === undefined;
    put(isKnown ? { birthDate, ageGroup: ageGroupOf(birthDate, nowMs) } : { birthDate });
  };
  const put = (change: Partial<PatientForm>): void => {
    form.value = { ...form.peek(), ...change };
  };
  const { name, mrn, birthDate, sex, ageGroup } = form.value;
  return (
    <>
      <Field label={text.name} required maxLength={200} value={name} onValue={(value) => put({ name: value })} />
      <Field
        label={text.mrn}
        hint={text.optional}
        maxLength={64}
        value={mrn}
        onValue={(value) => put({ mrn: value })}
      />
      <Field
        label={text.birthDate}
        hint={birthHint(form.value, nowMs, text)}
        type="date"
        value={birthDate}
        onValue={putBirthDate}
      />
      <Choices
        label={text.ageGroup}
        hint={text.ageGroupHint}
        value={ageGroup}
        choices={choicesOf(text.ageGroups)}
        onValue={(value) => put({ ageGroup: value as PatientForm['ageGroup'] })}
      />
      <Choices
        label={text.sex}
        value={sex}
        choices={choicesOf(text.sexes)}
        onValue={(value) => put({ sex: value as PatientForm['sex'] })}
      />
    </>
  );
};
