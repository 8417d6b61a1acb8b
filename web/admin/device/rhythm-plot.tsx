import { useSignal } from '@preact/signals';
import type { DeviceRhythm } from '#contracts/http/device-rhythm.ts';
import type { Voice } from '../../shell/text/language.ts';
import { secondsOf } from '../seconds.ts';
import { RHYTHM_WINDOWS, type RhythmView, type RhythmWindow, rhythmView } from './rhythm-view.ts';
import type { DeviceText } from './text/en.ts';

/** The time between messages, drawn: one line a message, with what was missing and where the device began anew. */

const WIDTH = 1_000;
const HEIGHT = 100;

const WINDOW_NAMES = Object.keys(RHYTHM_WINDOWS) as RhythmWindow[];

const place = (share: number, of: number): string => (share * of).toFixed(1);
const upTo = (x: number, y: number): string => `M${place(x, WIDTH)} ${HEIGHT}V${place(1 - y, HEIGHT)}`;
const across = (y: number): string => `M0 ${place(1 - y, HEIGHT)}H${WIDTH}`;
const through = (xs: readonly number[]): string => xs.map((x) => upTo(x, 1)).join('');

const Marks = ({ view, words }: { view: RhythmView; words: string }) => (
  <svg class="admin-device-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img">
    <title>{words}</title>
    <path class="admin-device-expected" d={across(view.expectedY)} />
    <path class="admin-device-silent" d={across(view.silentY)} />
    <path class="admin-device-gap" d={through(view.gaps)} />
    <path class="admin-device-boot" d={through(view.boots)} />
    <path class="admin-device-stems" d={view.stems.map(({ x, y }) => upTo(x, y)).join('')} />
    {view.open && <path class="admin-device-open" d={upTo(view.open.x, view.open.y)} />}
  </svg>
);

const Legend = ({ view, text }: { view: RhythmView; text: DeviceText }) => (
  <ul class="admin-device-legend">
    <li class="admin-device-key-expected">{text.legendExpected(secondsOf(view.expectedMs))}</li>
    <li class="admin-device-key-silent">{text.legendSilent(secondsOf(view.silentMs))}</li>
    {view.gaps.length > 0 && <li class="admin-device-key-gap">{text.legendGaps(String(view.missing))}</li>}
    {view.boots.length > 0 && <li class="admin-device-key-boot">{text.legendBoots(String(view.boots.length))}</li>}
  </ul>
);

export const RhythmPlot = ({ rhythm, voice, text }: { rhythm: DeviceRhythm; voice: Voice; text: DeviceText }) => {
  const wanted = useSignal<RhythmWindow>('minutes');
  const view = rhythmView(rhythm, wanted.value);
  const { typicalMs, longestMs } = view;
  const words =
    typicalMs === undefined || longestMs === undefined
      ? text.noArrivals
      : text.plots[wanted.value](String(view.count), secondsOf(longestMs), secondsOf(typicalMs));
  return (
    <div class="admin-device-rhythm">
      <fieldset class="admin-device-windows">
        <legend>{text.rhythmOf}</legend>
        {WINDOW_NAMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={wanted.value === name}
            onClick={() => {
              wanted.value = name;
            }}
          >
            {text.windows[name]}
          </button>
        ))}
      </fieldset>
      <p class="admin-device-words">
        {words}
        {view.keptFromMs !== undefined && ` · ${text.keptFrom(voice.timeOfDay(view.keptFromMs))}`}
      </p>
      <Marks view={view} words={words} />
      <p class="admin-device-axis">
        <span>{text.secondsAgo(voice.age(RHYTHM_WINDOWS[wanted.value]))}</span>
        <span>{text.present}</span>
      </p>
      <Legend view={view} text={text} />
    </div>
  );
};
