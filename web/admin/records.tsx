import { type Signal, useSignal } from '@preact/signals';
import { z } from 'zod';
import { Patient } from '#contracts/http/patients.ts';
import { NEW_ID_PATTERN } from '#domain/id.ts';
import { DEFAULT_ROLE, DEVICE_ROLES } from '#domain/sources/roles.ts';
import { Choices, Field, into } from '../parts/form.tsx';
import { type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import {
  changesOf,
  formOf,
  isBornInTime,
  NO_PATIENT,
  PatientFields,
  type PatientForm,
  patientOf,
} from './patient-fields.tsx';
import { LastRefused } from './refusals.tsx';

/** What is on record of units, beds, devices and patients: added and changed. */

/** The expression without its anchors, for the `pattern` of a field, which always means the whole text. */
export const ID = NEW_ID_PATTERN.source.replace(/^\^|\$$/g, '').replaceAll('-]', '\\-]');

export const unitChoices = ({ registry }: Desk) => registry.units.map(({ id, name }) => ({ value: id, label: name }));

const RoleChoice = ({ desk: { text, voice }, role }: { desk: Desk; role: Signal<string> }) => {
  const choices = DEVICE_ROLES.map((value) => ({ value, label: voice.text.roles[value] }));
  return <Choices label={text.role} hint={text.roleHint} value={role.value} choices={choices} onValue={into(role)} />;
};

export const Credentials = z.object({ username: z.string(), secret: z.string() });

/** The beds of the unit. */
const bedsOf = ({ overview, text }: Desk, unit: string) => [
  { value: '', label: text.none },
  ...overview.beds.filter((row) => row.bed.unit === unit).map((row) => ({ value: row.bed.id, label: row.bed.label })),
];

export const DeviceDialog = ({ desk, id: known }: { desk: Desk; id?: string }) => {
  const { text, server, registry } = desk;
  const deed = useDeed(desk, 'deviceId');
  const present = registry.devices.find((device) => device.id === known);
  const id = useSignal(known ?? '');
  const unit = useSignal(present?.unit ?? registry.units[0]?.id ?? '');
  const bed = useSignal('');
  const role = useSignal<string>(present?.role ?? DEFAULT_ROLE);
  const model = useSignal(present?.model ?? '');

  const save = (): void => {
    void deed.during(async () => {
      const about = { unit: unit.peek(), role: role.peek(), model: model.peek().trim() || null };
      if (present) {
        const answer = await server.send('PATCH', `devices/${present.id}`, about);
        return answer.isOk ? desk.done(text.doneSaved(present.id)) : deed.refused(answer);
      }
      const place = bed.peek() === '' ? {} : { bed: bed.peek() };
      const answer = await server.send('POST', 'devices', { id: id.peek().trim(), ...about, ...place }, Credentials);
      if (!answer.isOk) return deed.refused(answer);
      desk.reload();
      desk.open({ kind: 'credentials', ...answer.value, unit: about.unit });
    });
  };

  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={present ? text.deviceEdit(present.id) : text.deviceTitle}
      verb={text.save}
      onSubmit={save}
    >
      {!present && (
        <Field label={text.id} hint={text.idHint} required pattern={ID} value={id.value} onValue={into(id)} />
      )}
      <Choices
        label={text.unit}
        value={unit.value}
        choices={unitChoices(desk)}
        isRequired
        onValue={(value) => {
          unit.value = value;
          bed.value = '';
        }}
      />
      {!present && (
        <Choices label={text.bed} value={bed.value} choices={bedsOf(desk, unit.value)} onValue={into(bed)} />
      )}
      <RoleChoice desk={desk} role={role} />
      <Field label={text.model} hint={text.optional} maxLength={128} value={model.value} onValue={into(model)} />
      {present && <LastRefused desk={desk} path={`devices/${present.id}`} />}
    </FormDialog>
  );
};

/** `of`: where it is registered. */
export const NewSecretDialog = ({ desk, id, of }: { desk: Desk; id: string; of: 'devices' | 'gateways' }) => {
  const { text, server, registry } = desk;
  const deed = useDeed(desk, 'deviceId');
  const unit = of === 'devices' ? registry.devices.find((device) => device.id === id)?.unit : undefined;
  const make = (): void => {
    void deed.during(async () => {
      const answer = await server.send('POST', `${of}/${id}/secret`, undefined, Credentials);
      if (answer.isOk) desk.open({ kind: 'credentials', ...answer.value, unit });
      else deed.refused(answer);
    });
  };
  return (
    <FormDialog desk={desk} deed={deed} title={text.secretConfirmTitle(id)} verb={text.secretConfirm} onSubmit={make}>
      <p>{text.secretConfirmHelp}</p>
    </FormDialog>
  );
};

export const PatientDialog = ({ desk, id }: { desk: Desk; id?: number }) => {
  const { text, server, registry, nameOf } = desk;
  const deed = useDeed(desk, 'mrn');
  const present = registry.patients.find((patient) => patient.id === id);
  const form = useSignal<PatientForm>(present ? formOf(present) : NO_PATIENT);
  const save = (): void => {
    void deed.during(async () => {
      const answer = present
        ? await server.send('PATCH', `patients/${present.id}`, changesOf(form.peek(), present), Patient)
        : await server.send('POST', 'patients', patientOf(form.peek()), Patient);
      if (answer.isOk) desk.done(text.doneSaved(nameOf(answer.value)));
      else deed.refused(answer);
    });
  };
  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={present ? text.patientEdit(nameOf(present)) : text.patientTitle}
      verb={text.save}
      isReady={isBornInTime(form.value, desk.now())}
      onSubmit={save}
    >
      <PatientFields text={text} form={form} nowMs={desk.now()} isNew={!present} />
    </FormDialog>
  );
};

/** A PUT would silently rename what has this id already. */
const isTaken = (known: string | undefined, id: string, all: readonly { readonly id: string }[]): boolean =>
  known === undefined && all.some((one) => one.id === id.trim());

export const UnitDialog = ({ desk, id: known }: { desk: Desk; id?: string }) => {
  const { text, server, registry } = desk;
  const deed = useDeed(desk, 'stay');
  const id = useSignal(known ?? '');
  const name = useSignal(registry.units.find((unit) => unit.id === known)?.name ?? '');
  const taken = isTaken(known, id.value, registry.units);
  const save = (): void => {
    void deed.during(async () => {
      const answer = await server.send('PUT', `units/${encodeURIComponent(id.peek().trim())}`, { name: name.peek() });
      if (answer.isOk) desk.done(text.doneSaved(name.peek()));
      else deed.refused(answer);
    });
  };
  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={known ? text.unitEdit(known) : text.unitTitle}
      verb={text.save}
      isReady={!taken}
      onSubmit={save}
    >
      {known === undefined && (
        <Field
          label={text.id}
          hint={taken ? text.idTaken : text.idHint}
          required
          pattern={ID}
          value={id.value}
          onValue={into(id)}
        />
      )}
      <Field label={text.label} required maxLength={200} value={name.value} onValue={into(name)} />
    </FormDialog>
  );
};

export const BedDialog = ({ desk, id: known }: { desk: Desk; id?: string }) => {
  const { text, server, registry } = desk;
  const deed = useDeed(desk, 'stay');
  const present = registry.beds.find((bed) => bed.id === known);
  const id = useSignal(known ?? '');
  const unit = useSignal(present?.unit ?? registry.units[0]?.id ?? '');
  const label = useSignal(present?.label ?? '');
  const taken = isTaken(known, id.value, registry.beds);
  const save = (): void => {
    void deed.during(async () => {
      const bed = { unit: unit.peek(), label: label.peek() };
      const answer = await server.send('PUT', `beds/${encodeURIComponent(id.peek().trim())}`, bed);
      if (answer.isOk) desk.done(text.doneSaved(label.peek()));
      else deed.refused(answer);
    });
  };
  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={known ? text.bedEdit(known) : text.bedTitle}
      verb={text.save}
      isReady={!taken}
      onSubmit={save}
    >
      {known === undefined && (
        <Field
          label={text.id}
          hint={taken ? text.idTaken : text.idHint}
          required
          pattern={ID}
          value={id.value}
          onValue={into(id)}
        />
      )}
      <Choices label={text.unit} value={unit.value} choices={unitChoices(desk)} isRequired onValue={into(unit)} />
      <Field label={text.label} required maxLength={200} value={label.value} onValue={into(label)} />
    </FormDialog>
  );
};
