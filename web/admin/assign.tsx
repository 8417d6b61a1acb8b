import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Choices, Field, into } from '../parts/form.tsx';
import { Camera, canScan } from './camera.tsx';
import { type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import type { BedRow, DeviceRow } from './overview.ts';

/** Which devices are at which bed. */

/** Devices of a bed, of which a person chooses some. */
export const DeviceChoices = ({
  legend,
  rows,
  chosen,
}: {
  legend: string;
  rows: readonly DeviceRow[];
  chosen: Signal<readonly string[]>;
}) =>
  rows.length === 0 ? null : (
    <fieldset class="admin-choices">
      <legend>{legend}</legend>
      {rows.map(({ device: { id, model } }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.value.includes(id)}
            onChange={() => {
              const others = chosen.peek().filter((one) => one !== id);
              chosen.value = others.length < chosen.peek().length ? others : [...others, id];
            }}
          />
          {[id, model].filter(Boolean).join(' · ')}
        </label>
      ))}
    </fieldset>
  );

/** Those that a device takes the place of, unless a person says otherwise: of its role. */
export const replacedBy = (found: DeviceRow | undefined, there: BedRow | undefined): string[] =>
  (there?.devices ?? [])
    .filter(({ device }) => found && device.id !== found.device.id && device.role === found.device.role)
    .map(({ device }) => device.id);

/**
 * Finds the device of a code as scanned or typed: blanks around it do not matter, and neither do capitals when there is
 * only one such id.
 */
export const findDevice = (devices: readonly DeviceRow[], scanned: string): DeviceRow | undefined => {
  const id = scanned.trim();
  const exact = devices.find((row) => row.device.id === id);
  if (exact) return exact;
  const alike = devices.filter((row) => row.device.id.toLowerCase() === id.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
};

/** What is on record of the device, below the field. */
const Found = ({ desk, scanned, bed }: { desk: Desk; scanned: string; bed: string }) => {
  const { text, overview } = desk;
  const row = findDevice(overview.devices, scanned);
  if (scanned.trim() === '') return null;
  if (!row) return <p class="admin-note">{text.deviceUnknown(scanned.trim())}</p>;
  const where = row.bed?.id === bed ? text.deviceHere : row.bed ? text.deviceLeaves(row.bed.label) : text.deviceFree;
  return <p>{[text.deviceFound(row.device.model ?? row.device.id), where].join(' · ')}</p>;
};

const bedChoices = ({ text, overview }: Desk) => [
  { value: '', label: text.chooseBed },
  ...overview.beds.map((row) => ({ value: row.bed.id, label: `${row.bed.label} · ${row.unitName}` })),
];

export const AssignDialog = ({ desk, bed = '', device = '' }: { desk: Desk; bed?: string; device?: string }) => {
  const { text, overview } = desk;
  const deed = useDeed(desk, 'device');
  const scanned = useSignal(device);
  const at = useSignal(bed);
  const form = useRef<HTMLDivElement>(null);
  const found = findDevice(overview.devices, scanned.value);
  const there = overview.beds.find((row) => row.bed.id === at.value);
  const isReady = found !== undefined && there !== undefined && found.bed?.id !== at.value;
  const leaving = useSignal<readonly string[]>([]);
  useEffect(() => {
    leaving.value = replacedBy(found, there);
  }, [leaving, found?.device.id, there?.bed.id]);

  const assign = (): void => {
    if (!found || !there || !isReady) return;
    void deed.during(async () => {
      const others = there.devices.filter(({ device: { id } }) => leaving.peek().includes(id));
      const ends = [found, ...others].flatMap(({ assignment }) => assignment?.id ?? []);
      const begins = { device: found.device.id, bed: there.bed.id };
      if (await deed.move({ kind: 'assignments', ends, begins })) {
        desk.done(text.doneAssigned(found.device.id, there.bed.label));
      }
    });
  };

  return (
    <FormDialog desk={desk} deed={deed} title={text.assignTitle} verb={text.assign} isReady={isReady} onSubmit={assign}>
      <div ref={form} class="admin-fields">
        <Field
          label={text.scan}
          value={scanned.value}
          list="admin-devices"
          onValue={into(scanned)}
          // A scanner ends with Enter: without a bed yet, that leads on to it.
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || at.peek() !== '') return;
            event.preventDefault();
            form.current?.querySelector('select')?.focus();
          }}
        />
        <datalist id="admin-devices">
          {overview.devices.map((row) => (
            <option key={row.device.id} value={row.device.id} />
          ))}
        </datalist>
        {canScan() && <Camera text={text} onScanned={into(scanned)} />}
        <div role="status">
          <Found desk={desk} scanned={scanned.value} bed={at.value} />
        </div>
        <Choices label={text.bed} value={at.value} isRequired choices={bedChoices(desk)} onValue={into(at)} />
        <DeviceChoices
          legend={text.devicesLeave}
          rows={(there?.devices ?? []).filter(({ device: { id } }) => id !== found?.device.id)}
          chosen={leaving}
        />
      </div>
    </FormDialog>
  );
};

export const ReleaseDialog = ({ desk, device }: { desk: Desk; device: string }) => {
  const { text, overview } = desk;
  const deed = useDeed(desk, 'device');
  const row = overview.devices.find((one) => one.device.id === device);
  if (!row?.assignment || !row.bed) return null;
  const { assignment, bed } = row;
  const others = overview.beds.find((one) => one.bed.id === bed.id)?.devices.length ?? 1;

  const release = (): void => {
    void deed.during(async () => {
      if (await deed.move({ kind: 'assignments', ends: [assignment.id], begins: undefined })) {
        desk.done(text.doneReleased(device));
      }
    });
  };

  return (
    <FormDialog desk={desk} deed={deed} title={text.releaseTitle(device)} verb={text.release} onSubmit={release}>
      <p>{others > 1 ? text.releaseHelpOne(bed.label) : text.releaseHelp(bed.label)}</p>
    </FormDialog>
  );
};
