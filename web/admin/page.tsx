import '../parts/controls.css';
import '../parts/parts.css';
import './admin.css';

import { type Signal, useSignal } from '@preact/signals';
import { useAsked } from '../parts/asked.ts';
import { Refused } from '../parts/refused.tsx';
import { partsText } from '../parts/text/language.ts';
import { Link } from '../shell/link.tsx';
import type { PageProps } from '../shell/page.ts';
import type { Desk, OpenDialog } from './desk.ts';
import { OpenedDialog } from './dialogs.tsx';
import { BedList, DeviceList, GatewayList, PatientList, UnitList } from './lists.tsx';
import { type LiveDevices, type Overview, searched } from './overview.ts';
import { type Registry, readRegistry } from './registry.ts';
import { Tasks } from './tasks.tsx';
import { adminText } from './text/language.ts';
import { type Loaded, useDesk, useLiveDevices } from './use-desk.ts';

const SECTIONS = ['beds', 'devices', 'gateways', 'patients', 'units'] as const;
type Section = (typeof SECTIONS)[number];

const ADDS: Readonly<
  Record<
    Section,
    {
      readonly text: 'addBed' | 'addDevice' | 'addGateway' | 'addPatient' | 'addUnit';
      readonly opens: OpenDialog;
    }
  >
> = {
  beds: { text: 'addBed', opens: { kind: 'bed' } },
  devices: { text: 'addDevice', opens: { kind: 'device' } },
  gateways: { text: 'addGateway', opens: { kind: 'gateway' } },
  patients: { text: 'addPatient', opens: { kind: 'patient' } },
  units: { text: 'addUnit', opens: { kind: 'unit' } },
};

/** Another text when a gateway was lost with its devices, or is back: then how gateways are is to be read again. */
const lossesIn = (devices: LiveDevices): string =>
  [...devices].flatMap(([id, { lostWith }]) => (lostWith === undefined ? [] : [`${id} ${lostWith}`])).join();

const Tabs = ({ props, section, counts }: { props: PageProps; section: Section; counts: Record<Section, number> }) => {
  const text = adminText(props.voice.language);
  return (
    <nav class="parts-tabs" aria-label={text.title}>
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

const countsOf = ({ beds, devices, patients }: Overview, { gateways, units }: Registry): Record<Section, number> => ({
  beds: beds.length,
  devices: devices.length,
  gateways: gateways.length,
  patients: patients.length,
  units: units.length,
});

type BarProps = {
  readonly desk: Desk;
  readonly section: Section;
  readonly isOperator: boolean;
  readonly wanted: Signal<string>;
};

/** What is searched for, and what an operator may begin. */
const Bar = ({ desk, section, isOperator, wanted }: BarProps) => {
  const { text } = desk;
  const add = ADDS[section];
  return (
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
  );
};

const Administration = (props: Loaded) => {
  const { wall, router, registry, refusal, voice } = props;
  const { desk, dialog, done } = useDesk(props);
  const wanted = useSignal('');
  const isOperator = wall.isOperator.value;
  const found = searched(desk.overview, wanted.value);
  const section = SECTIONS.find((name) => name === router.query.value.get('section')) ?? 'beds';
  const list = { desk, isOperator, router };
  return (
    <main class="page admin">
      <h2 class="parts-title">{desk.text.title}</h2>
      <Link to={{ page: 'sessions' }} router={router}>
        {desk.text.whoIsSignedIn}
      </Link>
      {!isOperator && <p class="admin-read-only">{desk.text.readOnly}</p>}
      <Refused refusal={refusal} voice={voice} onAgain={props.reload} />
      <p class="admin-done" role="status">
        {done.value}
      </p>
      <Tasks desk={desk} isOperator={isOperator} />
      <Bar {...{ desk, section, isOperator, wanted }} />
      <Tabs props={props} section={section} counts={countsOf(found, registry)} />
      {section === 'beds' && <BedList {...list} rows={found.beds} />}
      {section === 'devices' && <DeviceList {...list} rows={found.devices} />}
      {section === 'gateways' && <GatewayList {...list} />}
      {section === 'patients' && <PatientList {...list} rows={found.patients} />}
      {section === 'units' && <UnitList {...list} />}
      {dialog.value && <OpenedDialog key={JSON.stringify(dialog.value)} desk={desk} dialog={dialog.value} />}
    </main>
  );
};

/** Units, beds, devices, gateways and patients: what is on record, what is amiss, and for operators the means to change it. */
export const AdminPage = (props: PageProps) => {
  const { wall, voice, server } = props;
  const { devices, roster } = useLiveDevices(wall);
  const { asked, again } = useAsked(`${roster.value} ${lossesIn(devices.value)}`, (signal) =>
    readRegistry(server, signal),
  );
  const { value: registry, refusal } = asked.value;
  if (registry) {
    return <Administration {...props} registry={registry} devices={devices.value} refusal={refusal} reload={again} />;
  }
  return (
    <main class="page admin">
      {refusal ? (
        <Refused refusal={refusal} voice={voice} onAgain={again} />
      ) : (
        <p>{partsText(voice.language).loading}</p>
      )}
    </main>
  );
};
