import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { z } from 'zod';
import { Patient } from '#contracts/http/patients.ts';
import { type Choice, Choices, Field, into } from '../parts/form.tsx';
import { DeviceChoices } from './assign.tsx';
import { type Deed, type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import type { BedRow } from './overview.ts';
import { isBornInTime, NO_PATIENT, PatientFields, type PatientForm, patientOf } from './patient-fields.tsx';

/** Who lies where: admit, transfer, discharge. */

const bedName = ({ bed, unitName }: BedRow): string => `${bed.label} · ${unitName}`;

/** The beds without a patient, to choose from. */
const freeBeds = (desk: Desk) => [
  { value: '', label: desk.text.chooseBed },
  ...desk.overview.beds.filter((row) => !row.encounter).map((row) => ({ value: row.bed.id, label: bedName(row) })),
];

/** A bed may be taken while the dialog is open. */
const isOffered = (beds: readonly Choice[], bed: string): boolean =>
  bed !== '' && beds.some(({ value }) => value === bed);

const Found = ({ desk, chosen }: { desk: Desk; chosen: Signal<number | undefined> }) => {
  const wanted = useSignal('');
  const found = useSignal<readonly Patient[]>([]);
  const isAnswered = useSignal(false);
  const { server, text, overview, nameOf } = desk;
  useEffect(() => {
    const leaving = new AbortController();
    const search = wanted.value.trim();
    const query = search === '' ? {} : { search };
    void server.get(z.array(Patient), 'patients', query, leaving.signal).then((answer) => {
      if (leaving.signal.aborted || !answer.isOk) return;
      found.value = answer.value;
      isAnswered.value = true;
    });
    return () => leaving.abort();
  }, [wanted.value, server, found, isAnswered]);

  const inBed = new Set(overview.beds.flatMap((row) => (row.encounter ? [row.encounter.patient] : [])));
  const free = found.value.filter(({ id }) => !inBed.has(id));
  const shown = [...free.filter(({ id }) => id === chosen.value), ...free.filter(({ id }) => id !== chosen.value)];
  return (
    <fieldset class="admin-found">
      <legend>{text.knownPatient}</legend>
      <Field label={text.findPatient} type="search" value={wanted.value} onValue={into(wanted)} />
      {isAnswered.value && shown.length === 0 && <p>{text.noMatch}</p>}
      {shown.slice(0, MOST_FOUND).map((patient) => (
        <label key={patient.id} class="admin-choice">
          <input
            type="radio"
            name="patient"
            checked={chosen.value === patient.id}
            onChange={() => {
              chosen.value = patient.id;
            }}
          />
          <span>{nameOf(patient)}</span>
          <small>
            {[patient.mrn, patient.birthDate, text.ageGroups[patient.ageGroup]].filter(Boolean).join(' · ')}
          </small>
        </label>
      ))}
    </fieldset>
  );
};

const MOST_FOUND = 5;

/** The patient who was chosen, or one who is registered first; undefined where the station refused. */
const register = async (
  { server, text }: Desk,
  deed: Deed,
  wanted: PatientForm | number | undefined,
): Promise<Patient | undefined> => {
  const known =
    typeof wanted === 'object'
      ? await server.send('POST', 'patients', patientOf(wanted), Patient)
      : await server.get(Patient, `patients/${wanted}`);
  if (known.isOk) return known.value;
  // A conflict here means that the record number is taken.
  deed.failure.value = { refusal: known, words: known.reason === 'conflict' ? text.conflicts.mrn : undefined };
  return undefined;
};

export const AdmitDialog = ({ desk, bed = '', patient }: { desk: Desk; bed?: string; patient?: number }) => {
  const { text, overview, nameOf } = desk;
  const deed = useDeed(desk, 'stay');
  const isNew = useSignal(false);
  const chosen = useSignal<number | undefined>(patient);
  const form = useSignal<PatientForm>(NO_PATIENT);
  const to = useSignal(bed);
  const isRegistered = useSignal(false);

  const admit = (): void => {
    void deed.during(async () => {
      const known = await register(desk, deed, isNew.peek() ? form.peek() : chosen.peek());
      if (!known) return;
      const wasNew = isNew.peek();
      chosen.value = known.id;
      isNew.value = false;
      if (await deed.move({ kind: 'encounters', ends: [], begins: { patient: known.id, bed: to.peek() } })) {
        const label = overview.beds.find((row) => row.bed.id === to.peek())?.bed.label ?? to.peek();
        desk.done(text.doneAdmitted(nameOf(known), label));
      } else {
        isRegistered.value ||= wasNew;
      }
    });
  };

  const beds = freeBeds(desk);
  const isReady =
    isOffered(beds, to.value) &&
    (isNew.value ? form.value.name.trim() !== '' && isBornInTime(form.value, desk.now()) : chosen.value !== undefined);
  return (
    <FormDialog desk={desk} deed={deed} title={text.admitTitle} verb={text.admit} isReady={isReady} onSubmit={admit}>
      <Choices
        label={text.bed}
        value={to.value}
        choices={beds}
        isRequired
        hint={beds.length === 1 ? text.noFreeBed : ''}
        onValue={into(to)}
      />
      {isRegistered.value && <p role="status">{text.registeredOnly}</p>}
      {isNew.value ? (
        <PatientFields text={text} form={form} nowMs={desk.now()} isNew />
      ) : (
        <Found desk={desk} chosen={chosen} />
      )}
      <button
        type="button"
        onClick={() => {
          isNew.value = !isNew.peek();
        }}
      >
        {isNew.value ? text.knownPatient : text.newPatient}
      </button>
    </FormDialog>
  );
};

type StayProps = { readonly desk: Desk; readonly row: BedRow };

export const TransferDialog = ({ desk, row }: StayProps) => {
  const { text, overview, nameOf } = desk;
  const deed = useDeed(desk, 'stay');
  const to = useSignal('');
  const along = useSignal<readonly string[]>([]);
  const { patient, encounter, bed, devices } = row;
  if (!patient || !encounter) return null;
  const beds = freeBeds(desk);

  const transfer = (): void => {
    void deed.during(async () => {
      const body = { bed: to.peek(), devices: along.peek() };
      const answer = await desk.server.send('POST', `encounters/${encounter.id}/transfer`, body);
      if (!answer.isOk) return deed.refused(answer);
      const label = overview.beds.find((other) => other.bed.id === body.bed)?.bed.label ?? body.bed;
      desk.done(text.doneTransferred(nameOf(patient), label));
    });
  };

  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={text.transferTitle(nameOf(patient))}
      verb={text.transfer}
      isReady={isOffered(beds, to.value)}
      onSubmit={transfer}
    >
      <p>{text.transferHelp(bed.label)}</p>
      <Choices
        label={text.toBed}
        value={to.value}
        choices={beds}
        isRequired
        hint={beds.length === 1 ? text.noFreeBed : ''}
        onValue={into(to)}
      />
      <DeviceChoices legend={text.devicesAlong} rows={devices} chosen={along} />
    </FormDialog>
  );
};

export const DischargeDialog = ({ desk, row }: StayProps) => {
  const { text, nameOf } = desk;
  const deed = useDeed(desk, 'stay');
  const { patient, encounter, bed } = row;
  if (!patient || !encounter) return null;

  const discharge = (): void => {
    void deed.during(async () => {
      if (await deed.move({ kind: 'encounters', ends: [encounter.id], begins: undefined })) {
        desk.done(text.doneDischarged(nameOf(patient), bed.label));
      }
    });
  };

  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={text.dischargeTitle(nameOf(patient))}
      verb={text.discharge}
      onSubmit={discharge}
    >
      <p>{text.dischargeHelp(bed.label)}</p>
    </FormDialog>
  );
};
