import { WAVE_STALE_AFTER_MS } from '#domain/freshness.ts';
import { DEVICE_ROLES } from '#domain/sources/roles.ts';
import { waveByMdc } from '#domain/waveforms.ts';
import type { Samples } from '../record.ts';
import type { BedState, WaveSource } from './present.ts';

/**
 * Which device each wave of a bed comes from. A wave has one source at a time, as a vital has, but nothing is decided by
 * it: it follows the order of roles, and gives way when its source has sent none for a while (H4).
 */

/** How much a device is preferred, the lowest most. */
const rankOf = ({ devices }: BedState, id: string): number => {
  const place = devices.findIndex((device) => device.id === id);
  const device = devices[place];
  return device ? DEVICE_ROLES.indexOf(device.role) * devices.length + place : Number.POSITIVE_INFINITY;
};

const isSource = (bed: BedState, known: WaveSource | undefined, device: string, at: number): boolean =>
  !known ||
  known.device === device ||
  at - known.at > WAVE_STALE_AFTER_MS / 2 ||
  rankOf(bed, device) < rankOf(bed, known.device);

/** Those of the waves of which the device is the source. */
export const chooseWaves = (
  bed: BedState,
  device: string,
  at: number,
  items: readonly Samples[],
): readonly Samples[] => {
  if (bed.devices.length < 2) return items;
  return items.filter(({ mdc }) => {
    const id = waveByMdc(mdc);
    if (!id || !isSource(bed, bed.waveSources.get(id), device, at)) return false;
    bed.waveSources.set(id, { device, at });
    return true;
  });
};
