import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Choices, Field, into } from '../parts/form.tsx';
import { Camera, canScan } from './camera.tsx';
import { type Desk, useDeed } from './desk.ts';
import { FormDialog } from './form.tsx';
import type { BedRow, DeviceRow } from './overview.ts';

/** Which device is at which bed. */

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

  const assign = (): void => {
    if (!found || !there || !isReady) return;
    void deed.during(async () => {
      const ends = [found.assignment?.id, there.assignment?.id].filter((id) => id !== undefined);
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
        {there?.device && there.device.id !== found?.device.id && <p>{text.bedDeviceLeaves(there.device.id)}</p>}
      </div>
    </FormDialog>
  );
};

export const ReleaseDialog = ({ desk, row }: { desk: Desk; row: BedRow }) => {
  const { text } = desk;
  const deed = useDeed(desk, 'device');
  const { assignment, bed } = row;
  if (!assignment) return null;

  const release = (): void => {
    void deed.during(async () => {
      if (await deed.move({ kind: 'assignments', ends: [assignment.id], begins: undefined })) {
        desk.done(text.doneReleased(assignment.device));
      }
    });
  };

  return (
    <FormDialog
      desk={desk}
      deed={deed}
      title={text.releaseTitle(assignment.device)}
      verb={text.release}
      onSubmit={release}
    >
      <p>{text.releaseHelp(bed.label)}</p>
    </FormDialog>
  );
};
