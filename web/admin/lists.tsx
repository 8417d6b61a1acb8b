import type { ComponentChildren } from 'preact';
import { MONITORING } from '#domain/monitoring.ts';
import { Link } from '../shell/link.tsx';
import type { Router } from '../shell/router.ts';
import type { Desk } from './desk.ts';
import { presenceText } from './gateways.tsx';
import type { BedRow, DeviceRow, Hearing, PatientRow } from './overview.ts';
import { secondsOf } from './seconds.ts';

/** The lists of the page. Verbs are left out for those who may not use them. */

type ListProps = { readonly desk: Desk; readonly isOperator: boolean; readonly router: Router };

export const Heard = ({ desk: { text, voice, now }, hearing }: { desk: Desk; hearing: Hearing }) => {
  const { monitoring } = hearing;
  const isDeaf = monitoring === 'not-heard' || monitoring === 'late' || monitoring === 'refused';
  const offline =
    hearing.state === 'offline' && hearing.since !== null
      ? text.offlineFor(voice.age(now() - hearing.since))
      : text.hearing[hearing.state];
  const lost = hearing.lostWith === undefined ? offline : text.lostWith(hearing.lostWith);
  const words = isDeaf && hearing.lostWith === undefined ? MONITORING[monitoring].label[voice.language] : lost;
  return <span class={`admin-heard admin-heard-${hearing.state}`}>{words}</span>;
};

const Verb = ({ onClick, children, about }: { onClick: () => void; children: string; about: string }) => (
  <button type="button" aria-label={`${children}: ${about}`} onClick={onClick}>
    {children}
  </button>
);

const Row = ({ children, verbs }: { children: ComponentChildren; verbs: ComponentChildren }) => (
  <li class="admin-row">
    {children}
    <span class="admin-row-verbs">{verbs}</span>
  </li>
);

const List = ({ desk, children }: { desk: Desk; children: readonly ComponentChildren[] }) =>
  children.length === 0 ? <p>{desk.text.nothingFound}</p> : <ul class="admin-list">{children}</ul>;

const Dim = ({ children }: { children: ComponentChildren }) => <span class="parts-dim">{children}</span>;

const BedItem = ({ desk, isOperator, router, row }: ListProps & { row: BedRow }) => {
  const { text, open, nameOf } = desk;
  const { bed, patient, devices, encounter } = row;
  const verbs = isOperator && (
    <>
      {encounter ? (
        <>
          <Verb about={bed.label} onClick={() => open({ kind: 'transfer', bed: bed.id })}>
            {text.transfer}
          </Verb>
          <Verb about={bed.label} onClick={() => open({ kind: 'discharge', bed: bed.id })}>
            {text.discharge}
          </Verb>
        </>
      ) : (
        <Verb about={bed.label} onClick={() => open({ kind: 'admit', bed: bed.id })}>
          {text.admit}
        </Verb>
      )}
      <Verb about={bed.label} onClick={() => open({ kind: 'assign', bed: bed.id })}>
        {text.assign}
      </Verb>
      {devices.map(({ device }) => (
        <Verb key={device.id} about={device.id} onClick={() => open({ kind: 'release', device: device.id })}>
          {devices.length > 1 ? text.releaseOne(device.id) : text.release}
        </Verb>
      ))}
      <Verb about={bed.label} onClick={() => open({ kind: 'bed', id: bed.id })}>
        {text.edit}
      </Verb>
    </>
  );
  return (
    <Row verbs={verbs}>
      <span class="admin-lead">
        <Link to={{ page: 'bed', bed: bed.id }} router={router} label={text.openBed(bed.label)}>
          {bed.label}
        </Link>
        <Dim>{row.unitName}</Dim>
      </span>
      <span class="admin-cell">
        {patient ? nameOf(patient) : <Dim>{desk.voice.text.noPatient}</Dim>}
        {patient?.mrn && <Dim>{patient.mrn}</Dim>}
      </span>
      <span class="admin-cell">
        {devices.map(({ device, hearing }) => (
          <span key={device.id}>
            {device.id} {devices.length > 1 && <Dim>{desk.voice.text.roles[device.role]}</Dim>}{' '}
            <Heard desk={desk} hearing={hearing} />
          </span>
        ))}
        {devices.length === 0 && <Dim>{desk.voice.text.noDevice}</Dim>}
      </span>
    </Row>
  );
};

export const BedList = ({ rows, ...props }: ListProps & { rows: readonly BedRow[] }) => (
  <List desk={props.desk}>
    {rows.map((row) => (
      <BedItem key={row.bed.id} {...props} row={row} />
    ))}
  </List>
);

const DeviceItem = ({ desk, isOperator, router, row }: ListProps & { row: DeviceRow }) => {
  const { text, open } = desk;
  const { device, bed } = row;
  const verbs = isOperator && (
    <>
      <Verb about={device.id} onClick={() => open({ kind: 'assign', device: device.id })}>
        {text.assign}
      </Verb>
      {bed && (
        <Verb about={device.id} onClick={() => open({ kind: 'release', device: device.id })}>
          {text.release}
        </Verb>
      )}
      <Verb about={device.id} onClick={() => open({ kind: 'secret', id: device.id, of: 'devices' })}>
        {text.newSecret}
      </Verb>
      <Verb about={device.id} onClick={() => open({ kind: 'device', id: device.id })}>
        {text.edit}
      </Verb>
    </>
  );
  return (
    <Row verbs={verbs}>
      <span class="admin-lead">
        <Link to={{ page: 'device', device: device.id }} router={router} label={text.openDevice(device.id)}>
          {device.id}
        </Link>
        <Dim>{row.unitName}</Dim>
      </span>
      <span class="admin-cell">
        {bed ? text.atBed(bed.label) : <Dim>{text.taskKinds['spare-device']}</Dim>}
        <Heard desk={desk} hearing={row.hearing} />
      </span>
      <span class="admin-cell">
        <Dim>
          {[
            desk.voice.text.roles[device.role],
            device.model,
            device.firmware,
            device.intervalMs && text.interval(secondsOf(device.intervalMs)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Dim>
      </span>
    </Row>
  );
};

export const DeviceList = ({ rows, ...props }: ListProps & { rows: readonly DeviceRow[] }) => (
  <List desk={props.desk}>
    {rows.map((row) => (
      <DeviceItem key={row.device.id} {...props} row={row} />
    ))}
  </List>
);

export const GatewayList = ({ desk, isOperator }: ListProps) => {
  const { text, open, registry } = desk;
  const unitNames = new Map(registry.units.map(({ id, name }) => [id, name]));
  return (
    <List desk={desk}>
      {registry.gateways.map((gateway) => (
        <Row
          key={gateway.id}
          verbs={
            isOperator && (
              <>
                <Verb about={gateway.id} onClick={() => open({ kind: 'secret', id: gateway.id, of: 'gateways' })}>
                  {text.newSecret}
                </Verb>
                <Verb about={gateway.id} onClick={() => open({ kind: 'gateway', id: gateway.id })}>
                  {text.edit}
                </Verb>
                <Verb about={gateway.id} onClick={() => open({ kind: 'remove-gateway', id: gateway.id })}>
                  {text.remove}
                </Verb>
              </>
            )
          }
        >
          <span class="admin-lead">
            {gateway.id}
            {gateway.unit !== null && <Dim>{unitNames.get(gateway.unit) ?? gateway.unit}</Dim>}
          </span>
          <span class="admin-cell">
            <span class={`admin-heard admin-heard-${gateway.state}`}>{presenceText(gateway, desk)}</span>
          </span>
          <span class="admin-cell">
            {text.sections.devices} {text.count(String(gateway.devices.length))}
            <Dim>{gateway.devices.join(', ')}</Dim>
          </span>
        </Row>
      ))}
    </List>
  );
};

const PatientItem = ({ desk, isOperator, row }: ListProps & { row: PatientRow }) => {
  const { text, open, nameOf } = desk;
  const { patient, at } = row;
  const name = nameOf(patient);
  const verbs = isOperator && (
    <>
      {at ? (
        <>
          <Verb about={name} onClick={() => open({ kind: 'transfer', bed: at.bed.id })}>
            {text.transfer}
          </Verb>
          <Verb about={name} onClick={() => open({ kind: 'discharge', bed: at.bed.id })}>
            {text.discharge}
          </Verb>
        </>
      ) : (
        <Verb about={name} onClick={() => open({ kind: 'admit', patient: patient.id })}>
          {text.admit}
        </Verb>
      )}
      <Verb about={name} onClick={() => open({ kind: 'patient', id: patient.id })}>
        {text.edit}
      </Verb>
    </>
  );
  return (
    <Row verbs={verbs}>
      <span class="admin-lead">
        {name}
        <Dim>{patient.mrn}</Dim>
      </span>
      <span class="admin-cell">
        {at ? text.inBed(at.bed.label) : <Dim>{row.isWaiting ? text.waiting : text.noBedNow}</Dim>}
      </span>
      <span class="admin-cell">
        <Dim>
          {[text.ageGroups[patient.ageGroup], text.sexes[patient.sex], patient.birthDate].filter(Boolean).join(' · ')}
        </Dim>
      </span>
    </Row>
  );
};

export const PatientList = ({ rows, ...props }: ListProps & { rows: readonly PatientRow[] }) => (
  <List desk={props.desk}>
    {rows.map((row) => (
      <PatientItem key={row.patient.id} {...props} row={row} />
    ))}
  </List>
);

export const UnitList = ({ desk, isOperator }: ListProps) => (
  <List desk={desk}>
    {desk.registry.units.map(({ id, name }) => (
      <Row
        key={id}
        verbs={
          isOperator && (
            <Verb about={name} onClick={() => desk.open({ kind: 'unit', id })}>
              {desk.text.edit}
            </Verb>
          )
        }
      >
        <span class="admin-lead">
          {name}
          <Dim>{id}</Dim>
        </span>
        <span class="admin-cell">
          {desk.text.sections.beds}{' '}
          {desk.text.count(String(desk.registry.beds.filter(({ unit }) => unit === id).length))}
        </span>
      </Row>
    ))}
  </List>
);
