import { useComputed } from '@preact/signals';
import { Device as RegisteredDevice } from '#contracts/http/devices.ts';
import type { LiveDevice, LiveDeviceLimits } from '#contracts/live.ts';
import { useAsked } from '../parts/asked.ts';
import { isBatteryLow, isClockOff } from '../parts/device-faults.ts';
import { initialsOf } from '../parts/initials.ts';
import { WatchSign } from '../parts/symbols.tsx';
import { NOT_KNOWN, watchView } from '../parts/watch.ts';
import { timeNear } from '../parts/when.ts';
import { inForce } from '../shell/alarms/survey.ts';
import { Link } from '../shell/link.tsx';
import type { PageProps } from '../shell/page.ts';
import type { Voice } from '../shell/text/language.ts';
import type { BedNow } from './now.ts';
import { othersText } from './others.ts';
import { bedText } from './text/language.ts';

const STATES = { online: 'deviceOnline', offline: 'deviceOffline', unknown: 'deviceUnknown' } as const;

const clockText = (device: LiveDevice, limits: LiveDeviceLimits, voice: Voice): string => {
  const text = bedText(voice.language);
  const { clockOffsetMs } = device;
  if (clockOffsetMs === null) return text.clockUnknown;
  return isClockOff(device, limits) ? voice.text.clockOff(voice.age(Math.abs(clockOffsetMs))) : text.clockRight;
};

type DeviceProps = Pick<PageProps, 'voice' | 'server'> & {
  readonly device: LiveDevice;
  readonly limits: LiveDeviceLimits;
  readonly nowMs: number;
  /** What it measures of which another device is the source. */
  readonly others: string;
};

const Device = ({ device, limits, nowMs, others, voice, server }: DeviceProps) => {
  // While the database is away, the device is named by its id alone.
  const { asked } = useAsked(`${device.id} ${device.since}`, (signal) =>
    server.get(RegisteredDevice, `devices/${encodeURIComponent(device.id)}`, {}, signal),
  );
  const { model, firmware } = asked.value.value ?? { model: null, firmware: null };
  const text = bedText(voice.language);
  return (
    <li>
      <strong>{device.id}</strong>
      <small>{voice.text.roles[device.role]}</small>
      {(model || firmware) && <small>{[model, firmware].filter(Boolean).join(' ')}</small>}
      <span class={device.state === 'online' ? 'bed-good' : 'bed-bad'}>{voice.text[STATES[device.state]]}</span>
      {device.since !== null && <small>{text.deviceSince(timeNear(device.since, nowMs, voice))}</small>}
      <span class={isBatteryLow(device, limits) ? 'bed-bad' : ''}>
        {device.battery === null ? text.noBattery : voice.text.battery(voice.percent(device.battery))}
      </span>
      <span class={isClockOff(device, limits) ? 'bed-bad' : ''}>{clockText(device, limits, voice)}</span>
      {others && <small>{text.alsoMeasures(others)}</small>}
    </li>
  );
};

/** As this screen names people. */
export const nameOf = (name: string | undefined, settings: PageProps['settings'], voice: Voice): string => {
  if (name === undefined) return voice.text.noPatient;
  return settings.initials.value ? initialsOf(name) : name;
};

type HeadProps = Pick<PageProps, 'voice' | 'settings' | 'router'> & { readonly now: BedNow };

/** Who lies here. It stays in sight. */
export const Head = ({ now, voice, settings, router }: HeadProps) => {
  const text = bedText(voice.language);
  const patient = useComputed(() => now.value.bed?.patient);
  const label = useComputed(() => now.value.bed?.label);
  const watch = useComputed(() => {
    const { nowMs, bed, devices } = now.value;
    if (!bed || nowMs === undefined) return NOT_KNOWN;
    return watchView({ patient: bed.patient, devices, inactivations: inForce(bed.inactivations, nowMs) }, nowMs, voice);
  });
  return (
    <header class="bed-head">
      <Link to={{ page: 'wall' }} router={router} class="bed-back">
        {text.toWall} <kbd>{text.escape}</kbd>
      </Link>
      <h2>{label.value}</h2>
      <span class="bed-patient">{nameOf(patient.value?.name, settings, voice)}</span>
      {patient.value && <small>{text.ageGroups[patient.value.ageGroup]}</small>}
      {watch.value.title && (
        <span class={`bed-watch bed-watch-${watch.value.look}`}>
          <WatchSign look={watch.value.look} /> <strong>{watch.value.title}</strong> {watch.value.detail}
        </span>
      )}
    </header>
  );
};

type DevicesProps = Pick<PageProps, 'voice' | 'server'> & { readonly now: BedNow };

/** What stands beside the bed, and how it is. */
export const Devices = ({ now, voice, server }: DevicesProps) => {
  const { nowMs, bed, devices } = now.value;
  return (
    <ul class="bed-devices" aria-label={bedText(voice.language).devices}>
      {nowMs !== undefined && devices.length === 0 && <li class="bed-bad">{voice.text.noDevice}</li>}
      {nowMs !== undefined &&
        bed &&
        devices.map((device) => (
          <Device
            key={device.id}
            limits={bed.deviceLimits}
            others={othersText(bed, device, nowMs, voice)}
            {...{ device, nowMs, voice, server }}
          />
        ))}
    </ul>
  );
};
