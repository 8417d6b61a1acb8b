import type { WaveId } from '#domain/waveforms.ts';
import type { PageProps } from '../shell/page.ts';
import type { Millimetres } from './millimetres.ts';
import type { BedNow } from './now.ts';

/** What every part of the page of a bed is given. */
export type PageContext = Pick<PageProps, 'voice' | 'router' | 'server'> & {
  readonly bed: string;
  readonly now: BedNow;
  /** The server's time, where it is known. */
  readonly stationNow: () => number;
  readonly millimetres: Millimetres;
  readonly isOperator: boolean;
  /** As this screen names people. */
  readonly patientName: string;
  /** What comes from the bed now, the first in the catalogue first. */
  readonly playing: () => readonly WaveId[];
};
