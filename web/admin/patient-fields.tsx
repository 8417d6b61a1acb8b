import type { Signal } from '@preact/signals';
import type { Patient } from '#domain/entities.ts';
import { Choices, Field } from './form.tsx';
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

export const PatientFields = ({ text, form }: { text: AdminText; form: Signal<PatientForm> }) => {
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
        hint={text.optional}
        type="date"
        value={birthDate}
        onValue={(value) => put({ birthDate: value })}
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
