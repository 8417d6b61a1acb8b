import { IDLE_TRACKS } from '#domain/alarms/device-state.ts';
import type { NewInput, Subject } from './subject.ts';

export type StationFacts = { readonly journalShare: number; readonly databaseAway: boolean };

/** The facts that are news for the engine of the station, as an input; undefined: none is. */
export const stationNews = (
  { state, config }: Pick<Subject, 'state' | 'config'>,
  { journalShare, databaseAway }: StationFacts,
): NewInput | undefined => {
  // The station has one place for its own tracks.
  const technical = state.devices[0]?.technical ?? IDLE_TRACKS;
  const isFilling = technical['station-journal'].since !== null;
  const isShareNews = isFilling !== journalShare >= config.journalFillingShare;
  if (databaseAway === (technical['station-database'].since !== null) && !isShareNews) return undefined;
  return { type: 'station', databaseAway, ...(isShareNews ? { journalShare } : {}) };
};
