import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { WAVE_IDS, type WaveId, wave } from '#domain/waveforms.ts';
import { createDrawing } from '../../parts/waves/draw.ts';
import { isPlaying } from '../../parts/waves/playback.ts';
import { traceView } from '../../parts/waves/trace-view.ts';
import type { Voice } from '../../shell/text/language.ts';
import type { Wall } from '../../wall/wall.ts';
import { Calibration } from '../calibration.tsx';
import type { Millimetres } from '../millimetres.ts';
import { bedText } from '../text/language.ts';
import { createSweeps, isEcg, type Sweeps } from './sweeps.ts';

type Props = {
  readonly bed: string;
  readonly wall: Wall;
  readonly voice: Voice;
  readonly millimetres: Millimetres;
};

/** Every wave that came since the page was opened: one that stops is shown as missing, and does not disappear. */
const useHeard = ({ bed, wall }: Props): readonly WaveId[] => {
  const heard = useSignal<readonly WaveId[]>([]);
  useSignalEffect(() => {
    const nowMs = wall.closeUp.moment.value;
    if (nowMs === undefined) return;
    const isHeard = (id: WaveId): boolean => {
      const signal = wall.closeUp.wave(bed, id);
      return heard.peek().includes(id) || (signal !== undefined && isPlaying(signal, nowMs));
    };
    const next = WAVE_IDS.filter(isHeard);
    if (next.length !== heard.peek().length) heard.value = next;
  });
  return heard.value;
};

export const Waves = (props: Props) => {
  const { bed, wall, voice, millimetres } = props;
  const text = bedText(voice.language);
  const heard = useHeard(props);
  const sweeps = useMemo(
    () =>
      createSweeps({
        signalOf: (id) => wall.closeUp.wave(bed, id),
        paper: () => ({ pixelsPerMm: millimetres.pixels.peek(), isTenMm: millimetres.isTenMm.peek() }),
      }),
    [bed, wall, millimetres],
  );
  useEffect(() => wall.closeUp.onPaint(sweeps.paint), [wall, sweeps]);
  return (
    <section class="bed-waves" aria-label={text.waves}>
      <Paper millimetres={millimetres} voice={voice} />
      <div
        class={millimetres.hasGrid.value ? 'bed-sweeps bed-grid' : 'bed-sweeps'}
        style={{ '--mm': `${millimetres.pixels.value}px` }}
      >
        {heard.length === 0 && <p class="parts-dim bed-nothing">{text.noWaves}</p>}
        {heard.map((id) => (
          <Sweep key={id} id={id} sweeps={sweeps} {...props} />
        ))}
      </div>
    </section>
  );
};

const Sweep = ({ id, sweeps, wall, voice, millimetres }: Props & { id: WaveId; sweeps: Sweeps }) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(createDrawing());
  useEffect(() => {
    if (!canvas.current) return;
    const attached = sweeps.attach(canvas.current, id);
    drawing.current = attached.drawing;
    return attached.detach;
  }, [sweeps, id]);
  const marks = useComputed(() => {
    const nowMs = wall.closeUp.moment.value;
    const view = traceView(drawing.current, nowMs, voice);
    const { scale } = drawing.current;
    const { unit } = wave(id);
    const hasScale = scale !== undefined && unit === 'mm[Hg]';
    return {
      note: view.note,
      millivolt: millimetres.isTenMm.value ? 0 : view.millivolt,
      high: hasScale ? voice.number(scale.high, 0) : '',
      low: hasScale ? voice.number(scale.low, 0) : '',
    };
  });
  const { note, millivolt, high, low } = marks.value;
  return (
    <div class={isEcg(id) ? 'bed-sweep bed-sweep-ecg' : 'bed-sweep'}>
      <canvas ref={canvas} />
      <span class="bed-sweep-label" style={{ '--colour': wave(id).colour }}>
        {wave(id).label[voice.language]}
      </span>
      {note && <span class="bed-sweep-note">{note}</span>}
      {millivolt > 0 && (
        <span class="bed-millivolt" style={{ '--share': millivolt }}>
          <span>{voice.text.millivolt}</span>
        </span>
      )}
      {high && <span class="bed-scale-high">{high}</span>}
      {low && <span class="bed-scale-low">{low}</span>}
    </div>
  );
};

const Paper = ({ millimetres, voice }: Pick<Props, 'millimetres' | 'voice'>) => {
  const text = bedText(voice.language);
  const isCalibrating = useSignal(false);
  return (
    <div class="bed-paper">
      <span>{text.speed}</span>
      <button type="button" aria-pressed={millimetres.isTenMm.value} onClick={millimetres.toggleGain}>
        {text.gain}
      </button>
      <button type="button" aria-pressed={millimetres.hasGrid.value} onClick={millimetres.toggleGrid}>
        {text.grid}
      </button>
      <button
        type="button"
        onClick={() => {
          isCalibrating.value = true;
        }}
      >
        {text.calibrate}
      </button>
      {!millimetres.isCalibrated.value && <small>{text.uncalibrated}</small>}
      {isCalibrating.value && (
        <Calibration
          millimetres={millimetres}
          voice={voice}
          onClose={() => {
            isCalibrating.value = false;
          }}
        />
      )}
    </div>
  );
};
