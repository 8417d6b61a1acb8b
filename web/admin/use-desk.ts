import { useSignal, useSignalEffect } from '@preact/signals';
import type { LiveDevice } from '#contracts/live.ts';
import { monitoringOf } from '#domain/monitoring.ts';
import { initialsOf } from '../parts/initials.ts';
import { inForce } from '../shell/alarms/survey.ts';
import type { BedState } from '../shell/live/state.ts';
import type { PageProps } from '../shell/page.ts';
import type { Refusal } from '../shell/refusal.ts';
import type { Desk, OpenDialog } from './desk.ts';
import { type Hearing, type LiveDevices, overviewOf } from './overview.ts';
import type { Registry } from './registry.ts';
import { adminText } from './text/language.ts';

/** What the pages of administration work with: the registry, the live states of devices, and the dialogs on top. */

const hearingOf = (device: LiveDevice, bed: Readonly<BedState> | undefined, nowMs: number): Hearing => {
  const { state, since, lostWith, intervalProposedMs } = device;
  const told = { state, since, lostWith, intervalProposedMs };
  if (!bed) return told;
  const isStandby = inForce(bed.inactivations, nowMs).some(({ what }) => what === 'standby');
  const monitoring = monitoringOf({ hasPatient: bed.patient !== null, device, isStandby }, nowMs);
  return { ...told, monitoring };
};

/** Live devices, anew only when one of them changes its state; none while the link is lost. */
export const useLiveDevices = ({ closeUp }: PageProps['wall']) => {
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

export type Loaded = PageProps & {
  readonly registry: Registry;
  readonly devices: LiveDevices;
  /** Why the registry could not be read again. */
  readonly refusal: Refusal | undefined;
  readonly reload: () => void;
};

/** The desk, with the dialog that is open on it, and what was done last. */
export const useDesk = ({ wall, voice, server, settings, registry, devices, reload }: Loaded) => {
  const dialog = useSignal<OpenDialog | undefined>(undefined);
  const done = useSignal('');
  const { now } = wall.closeUp;
  const desk: Desk = {
    ...{ server, voice, registry, now, reload },
    text: adminText(voice.language),
    overview: overviewOf(registry, devices, now()),
    nameOf: ({ name }) => (settings.initials.value ? initialsOf(name) : name),
    open(next) {
      done.value = '';
      dialog.value = next;
    },
    close() {
      dialog.value = undefined;
    },
    done(words) {
      dialog.value = undefined;
      done.value = words;
      reload();
    },
  };
  return { desk, dialog, done };
};
