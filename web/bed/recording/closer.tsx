import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WaveBlock } from '#contracts/http/waves.ts';
import { WAVE_IDS, type WaveId, wave } from '#domain/waveforms.ts';
import { useAsked } from '../../parts/asked.ts';
import { Refused } from '../../parts/refused.tsx';
import { partsText } from '../../parts/text/language.ts';
import { fixedScale, scaleFor } from '../../parts/waves/sweep.ts';
import { LEAST_SPAN } from '../../parts/waves/traces.ts';
import { dayAndTime } from '../../parts/when.ts';
import type { PageContext } from '../context.ts';
import { isEcg } from '../live/sweeps.ts';
import { millivoltsOf, sweepMsOf } from '../millimetres.ts';
import { bedText } from '../text/language.ts';
import { useStrip } from './draw.ts';
import { loadWaves } from './load.ts';
import { blocksWithin, rangeOfBlocks } from './strips.ts';

type Props = PageContext & {
  readonly atMs: number;
  readonly onMove: (ms: number) => void;
  readonly onClose: () => void;
};

/** The height in CSS pixels: 30 mm where a millimetre is as long as on most screens. */
const STRIP_HEIGHT = 113;

/** How wide the paper is, once it is drawn; it is brought into sight then. */
const useWidth = () => {
  const host = useRef<HTMLDivElement>(null);
  const width = useSignal(0);
  useEffect(() => {
    const shown = host.current;
    if (!shown) return;
    const observer = new ResizeObserver(() => {
      width.value = Math.floor(shown.clientWidth);
    });
    observer.observe(shown);
    shown.scrollIntoView({ block: 'nearest' });
    return () => observer.disconnect();
  }, [width]);
  return { host, width };
};

/** All signals around a time on paper of 25 mm/s. */
export const Closer = ({ atMs, onMove, onClose, bed, server, voice, millimetres }: Props) => {
  const text = bedText(voice.language);
  const { host, width } = useWidth();
  const lengthMs = Math.max(1_000, Math.round(sweepMsOf(width.value, millimetres.pixels.value)));
  const fromMs = Math.round(atMs - lengthMs / 2);
  const toMs = fromMs + lengthMs;
  const { asked, again } = useAsked(`${bed} ${fromMs} ${toMs} ${width.value > 0}`, (signal) =>
    loadWaves(server, { bed, signals: undefined, fromMs, toMs }, () => {}, signal),
  );
  const { value, refusal, isLoading } = asked.value;
  const signals = useMemo(() => {
    const seen = blocksWithin(value ?? [], fromMs, toMs);
    return WAVE_IDS.map((id) => ({ id, blocks: seen.filter((block) => block.signal === id) })).filter(
      ({ blocks }) => blocks.length > 0,
    );
  }, [value, fromMs, toMs]);
  return (
    <section class="bed-closer" aria-label={text.closer}>
      <div class="parts-buttons">
        <strong>{text.closerAt(dayAndTime(fromMs, voice))}</strong>
        <span>{text.speed}</span>
        <button type="button" onClick={() => onMove(atMs - lengthMs / 2)}>
          {text.earlier}
        </button>
        <button type="button" onClick={() => onMove(atMs + lengthMs / 2)}>
          {text.later}
        </button>
        <button type="button" onClick={onClose}>
          {text.closeCloser}
        </button>
        <span role="status">{isLoading ? partsText(voice.language).loading : ''}</span>
      </div>
      <div ref={host} class="bed-sweeps bed-grid" style={{ '--mm': `${millimetres.pixels.value}px` }}>
        {signals.map(({ id, blocks }) => (
          <PaperStrip
            key={id}
            id={id}
            blocks={blocks}
            fromMs={fromMs}
            toMs={toMs}
            millivolts={
              millimetres.isTenMm.value && isEcg(id) ? millivoltsOf(STRIP_HEIGHT, millimetres.pixels.value) : undefined
            }
            name={wave(id).label[voice.language]}
          />
        ))}
        {signals.length === 0 && !isLoading && <p class="parts-dim bed-nothing">{text.noRecording}</p>}
      </div>
      <Refused refusal={refusal} voice={voice} onAgain={again} />
    </section>
  );
};

type StripProps = {
  readonly id: WaveId;
  readonly blocks: readonly WaveBlock[];
  readonly fromMs: number;
  readonly toMs: number;
  /** How many millivolts the strip is high; undefined: as many as fit. */
  readonly millivolts: number | undefined;
  readonly name: string;
};

const PaperStrip = ({ id, blocks, fromMs, toMs, millivolts, name }: StripProps) => {
  const range = rangeOfBlocks(blocks);
  const scale = range && (millivolts ? fixedScale(range, millivolts) : scaleFor(range, LEAST_SPAN[id]));
  const canvas = useStrip({ id, blocks, fromMs, toMs, scale });
  return (
    <div class="bed-sweep bed-strip">
      <canvas ref={canvas} />
      <span class="bed-sweep-label" style={{ '--colour': wave(id).colour }}>
        {name}
      </span>
    </div>
  );
};
