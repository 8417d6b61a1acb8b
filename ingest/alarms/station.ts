import type { NewInput, Subject } from './subject.ts';

export type StationFacts = { readonly journalShare: number; readonly databaseAway: boolean };

/** What of it is an input for the engine of the station; undefined: it knows already. */
export const stationNews = (
  { state, config }: Pick<Subject, 'state' | 'config'>,
  { journalShare, databaseAway }: StationFacts,
): NewInput | undefined => {
  const { technical } = state;
  const isFilling = technical['station-journal'].since !== null;
  const isShareNews = isFilling !== journalShare >= config.journalFillingShare;
  if (databaseAway === (technical['station-database'].since !== null) && !isShareNews) return undefined;
  return { type: 'station', databaseAway, ...(isShareNews ? { journalShare } : {}) };
};
