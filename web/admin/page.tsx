import '../parts/parts.css';
import './admin.css';

import { useSignal, useSignalEffect } from '@preact/signals';
import type { LiveDevice } from '#contracts/live.ts';
import { monitoringOf } from '#domain/monitoring.ts';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import { inForce } from '../shell/alarms/survey.ts';
import type { BedState } from '../shell/live/state.ts';
import type { PageProps } from '../shell/page.ts';
import { initialsOf } from '../wall/head-view.ts';
import type { Desk, OpenDialog } from './desk.ts';
import { OpenedDialog } from './dialogs.tsx';
import { BedList, DeviceList, PatientList, UnitList } from './lists.tsx';
import { type Hearing, type LiveDevices, type Overview, overviewOf, searched } from './overview.ts';
import { readRegistry } from './registry.ts';
import { Tasks } from './tasks.tsx';
import { adminText } from './text/language.ts';

const SECTIONS = ['beds', 'devices', 'patients', 'units'] as const;
type Section = (typeof SECTIONS)[number];

const ADDS: Readonly<
  Record<Section, { readonly text: 'addBed' | 'addDevice' | 'addPatient' | 'addUnit'; readonly opens: OpenDialog }>
> = {
  beds: { text: 'addBed', opens: { kind: 'bed' } },
  devices: { text: 'addDevice', opens: { kind: 'device' } },
  patients: { text: 'addPatient', opens: { kind: 'patient' } },
  units: { text: 'addUnit', opens: { kind: 'unit' } },
};

const hearingOf = (device: LiveDevice, bed: Readonly<BedState> | undefined, nowMs: number): Hearing => {
  const { state, since, intervalProposedMs } = device;
  if (!bed) return { state, since, intervalProposedMs };
  const isStandby = inForce(bed.inactivations, nowMs).some(({ what }) => what === 'standby');
  const monitoring = monitoringOf({ hasPatient: bed.patient !== null, device, isStandby }, nowMs);
  return { state, since, intervalProposedMs, monitoring };
};

/** Live devices, anew only when one of them changes its state; none while the link is lost. */
const useLiveDevices = ({ closeUp }: PageProps['wall']) => {
  const devices = useSignal<LiveDevices>(new Map());
  const roster = useSignal(0);
  useSignalEffect(() => {
    const nowMs = closeUp.moment.value;
    const live = nowMs === undefined ? [] : closeUp.devices();
    const next = new Map(live.map(({ device, bed }) => [device.id, hearingOf(device, bed, nowMs ?? 0)]));
    if (JSON.stringify([...next]) !== JSON.stringify([...devices.peek()])) devices.value = next;
    roster.value = closeUp.rosterVersion();
  });
  return { devices, roster };
};

const Tabs = ({ props, section, counts }: { props: PageProps; section: Section; counts: Record<Section, number> }) => {
  const text = adminText(props.voice.language);
  return (
    <nav class="admin-tabs" aria-label={text.title}>
      {SECTIONS.map((name) => (
        <a
          key={name}
          href={`/admin?section=${name}`}
          aria-current={name === section ? 'page' : undefined}
          onClick={(event) => {
            event.preventDefault();
            props.router.go({ page: 'admin' }, { section: name });
          }}
        >
          {text.sections[name]} <small>{text.count(String(counts[name]))}</small>
        </a>
      ))}
    </nav>
  );
};

const countsOf = ({ beds, devices, patients }: Overview, units: number): Record<Section, number> => ({
  beds: beds.length,
  devices: devices.length,
  patients: patients.length,
  units,
});

/** Units, beds, devices and patients: what is on record, what is amiss, and for operators the means to change it. */
export const AdminPage = (props: PageProps) => {
  const { wall, voice, router, server, settings } = props;
  const text = adminText(voice.language);
  const { devices, roster } = useLiveDevices(wall);
  const { asked, again } = useAsked(String(roster.value), (signal) => readRegistry(server, signal));
  const dialog = useSignal<OpenDialog | undefined>(undefined);
  const said = useSignal('');
  const wanted = useSignal('');
  const { value: registry, refusal } = asked.value;
  const isOperator = wall.isOperator.value;

  if (!registry) {
    return (
      <main class="page admin">
        {refusal ? (
          <Refused refusal={refusal} voice={voice} onAgain={again} />
        ) : (
          <p>{partsText(voice.language).loading}</p>
        )}
      </main>
    );
  }

  const { now } = wall.closeUp;
  const overview = overviewOf(registry, devices.value, now());
  const found = searched(overview, wanted.value);
  const section = SECTIONS.find((name) => name === router.query.value.get('section')) ?? 'beds';
  const desk: Desk = {
    server,
    voice,
    text,
    registry,
    overview,
    nameOf: ({ name }) => (settings.initials.value ? initialsOf(name) : name),
    now,
    open(next) {
      said.value = '';
      dialog.value = next;
    },
    close() {
      dialog.value = undefined;
    },
    done(words) {
      dialog.value = undefined;
      said.value = words;
      again();
    },
    reload: again,
  };
  const list = { desk, isOperator, router };
  const add = ADDS[section];

  return (
    <main class="page admin">
      <h2 class="admin-title">{text.title}</h2>
      {!isOperator && <p class="admin-read-only">{text.readOnly}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={again} />
      <p class="admin-said" role="status">
        {said.value}
      </p>
      <Tasks desk={desk} isOperator={isOperator} />
      <div class="admin-bar">
        <label class="admin-search">
          <span>{text.search}</span>
          <input
            type="search"
            placeholder={text.searchHint}
            value={wanted.value}
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
          />
        </label>
        {isOperator && (
          <span class="admin-row-verbs">
            <button type="button" onClick={() => desk.open({ kind: 'admit' })}>
              {text.admit}
            </button>
            <button type="button" onClick={() => desk.open({ kind: 'assign' })}>
              {text.assign}
            </button>
            <button type="button" onClick={() => desk.open(add.opens)}>
              {text[add.text]}
            </button>
          </span>
        )}
      </div>
      <Tabs props={props} section={section} counts={countsOf(found, registry.units.length)} />
      {section === 'beds' && <BedList {...list} rows={found.beds} />}
      {section === 'devices' && <DeviceList {...list} rows={found.devices} />}
      {section === 'patients' && <PatientList {...list} rows={found.patients} />}
      {section === 'units' && <UnitList {...list} />}
      {dialog.value && <OpenedDialog key={JSON.stringify(dialog.value)} desk={desk} dialog={dialog.value} />}
    </main>
  );
};
