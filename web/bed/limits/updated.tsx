import type { PresetChange } from '#contracts/http/alarm-settings.ts';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import { changesOfPreset } from './draft.ts';
import { changesText } from './words.ts';

/**
 * What an update changed, in words; undefined: it changed nothing, or the settings before were of another age group.
 */
export const presetChangeText = (change: PresetChange, voice: Voice): string | undefined => {
  if (!change || change.from.version.preset !== change.to.version.preset) return undefined;
  const text = bedText(voice.language);
  const changes = changesText(changesOfPreset(change.from, change.to), voice);
  return text.presetChanged(dayAndTime(change.at, voice), changes === '' ? text.meanwhileElse : changes);
};

/** A person must learn that a new release decides differently before an alarm shows it. */
export const Updated = ({ change, voice }: { readonly change: PresetChange; readonly voice: Voice }) => {
  const words = presetChangeText(change, voice);
  return words === undefined ? null : <p class="bed-updated">{words}</p>;
};
