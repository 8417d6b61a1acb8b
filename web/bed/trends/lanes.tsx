import type { ComponentChildren } from 'preact';
import type { KnownAlarm } from '#contracts/http/alarms.ts';
import type { Annotation } from '#contracts/http/annotations.ts';
import { alarmText } from '../../parts/alarm-text.ts';
import { PriorityShape } from '../../parts/symbols.tsx';
import { dayAndTime } from '../../parts/when.ts';
import type { Voice } from '../../shell/text/language.ts';
import { bedText } from '../text/language.ts';
import type { Stretch } from './window.ts';

type Props = {
  readonly stretch: Stretch;
  readonly alarms: readonly KnownAlarm[];
  readonly gaps: readonly Stretch[];
  readonly notes: readonly Annotation[];
  readonly voice: Voice;
  readonly onJump: (ms: number) => void;
};

/** Percent of the stretch, within it. */
const placeOf = (ms: number, { fromMs, toMs }: Stretch): number =>
  Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));

const along = (fromMs: number, toMs: number, stretch: Stretch) => ({
  left: `${placeOf(fromMs, stretch)}%`,
  width: `${Math.max(0.15, placeOf(toMs, stretch) - placeOf(fromMs, stretch))}%`,
});

const Lane = ({ name, class: own = '', children }: { name: string; class?: string; children: ComponentChildren }) => (
  <div class="bed-trend bed-lane">
    <span class="bed-trend-name">{name}</span>
    <div class="bed-lane-room">
      <div class={`bed-lane-marks ${own}`}>{children}</div>
    </div>
  </div>
);

/** What happened, above the curves and to the same scale of time. */
export const Lanes = ({ stretch, alarms, gaps, notes, voice, onJump }: Props) => {
  const text = bedText(voice.language);
  return (
    <>
      <Lane name={text.lanes.alarms} class="bed-lane-alarms">
        {alarms.map((alarm) => (
          <span
            key={alarm.id}
            class={`bed-alarm-bar bed-mark-${alarm.priority}`}
            style={along(alarm.decidedAt, alarm.endedAt ?? stretch.toMs, stretch)}
          />
        ))}
        {alarms.map((alarm) => {
          const words = text.laneAlarm(alarmText(alarm, voice), dayAndTime(alarm.decidedAt, voice));
          return (
            <button
              key={alarm.id}
              type="button"
              // Keys find these marks in the list of the recording: hundreds of stops would be no way through a page.
              tabIndex={-1}
              class={`bed-mark bed-mark-${alarm.priority}`}
              style={{ left: `${placeOf(alarm.decidedAt, stretch)}%` }}
              title={words}
              aria-label={words}
              onClick={() => onJump(alarm.decidedAt)}
            >
              <PriorityShape priority={alarm.priority} />
            </button>
          );
        })}
      </Lane>
      <Lane name={text.lanes.gaps}>
        {gaps.map(({ fromMs, toMs }) => (
          <span
            key={fromMs}
            class="bed-gap"
            style={along(fromMs, toMs, stretch)}
            title={text.laneGap(dayAndTime(fromMs, voice), dayAndTime(toMs, voice))}
          />
        ))}
      </Lane>
      {notes.length > 0 && (
        <Lane name={text.lanes.notes}>
          {notes.map((note) => (
            <button
              key={note.id}
              type="button"
              class="bed-note-mark"
              style={along(note.at, note.until ?? note.at, stretch)}
              title={text.laneNote(note.text, dayAndTime(note.at, voice))}
              aria-label={text.laneNote(note.text, dayAndTime(note.at, voice))}
              onClick={() => onJump(note.at)}
            />
          ))}
        </Lane>
      )}
    </>
  );
};
