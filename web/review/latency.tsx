import type { Voice } from '../shell/text/language.ts';
import type { Stage } from './explain.ts';
import type { ReviewText } from './text/en.ts';

/** The way of the reading from the sensor to the screen, to scale, and each stage in words below. */

const WIDTH = 600;
const HEIGHT = 26;
/** So that the shortest stage is seen. */
const MIN_WIDTH = 4;

const LONG_MS = 10_000;

export const Latency = ({ stages, text, voice }: { stages: readonly Stage[]; text: ReviewText; voice: Voice }) => {
  const lengths = stages.map(({ ms }) => Math.max(0, ms));
  const total = lengths.reduce((sum, ms) => sum + ms, 0);
  const scale = (WIDTH - MIN_WIDTH * stages.length) / Math.max(1, total);
  const say = (ms: number): string =>
    Math.abs(ms) < LONG_MS ? text.milliseconds(voice.number(ms, 0)) : text.seconds(voice.number(ms / 1_000, 1));
  let x = 0;
  return (
    <figure class="review-latency">
      <figcaption>
        {text.latency}: <strong>{text.latencyTotal(say(total))}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {stages.slice(1).map(({ name }, place) => {
          const width = MIN_WIDTH + (lengths[place + 1] ?? 0) * scale;
          const from = x;
          x += width;
          return <rect key={name} class={`review-stage-${name}`} x={from} y="0" width={width} height={HEIGHT} />;
        })}
      </svg>
      <ol>
        {stages.map(({ name, at, ms }, place) => (
          <li key={name} class={`review-step-${name}`}>
            <span>{text.stages[name]}</span>
            <span>{voice.timeOfDay(at)}</span>
            <span>{place === 0 ? '' : `${ms < 0 ? '' : '+'}${say(ms)}`}</span>
          </li>
        ))}
      </ol>
      {stages.some(({ ms }) => ms < 0) && <p>{text.clockOff}</p>}
    </figure>
  );
};
