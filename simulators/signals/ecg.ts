import { type Cycle, cycleAt } from './cycles.ts';

/**
 * A synthetic ECG by the dynamical model of McSharry PE, Clifford GD, Tarassenko L, Smith LA, "A dynamical model
 * for generating synthetic electrocardiogram signals", IEEE Trans Biomed Eng 50(3):289-294, 2003.
 *
 * Three coupled equations. A point runs round the unit circle, once a beat:
 *   x' = αx − ωy,  y' = αy + ωx,  α = 1 − √(x² + y²),
 * and is pushed up and down on its way past the P, Q, R, S and T waves:
 *   z' = −Σ aᵢ Δθᵢ exp(−Δθᵢ² / 2bᵢ²) − (z − z₀),  Δθᵢ = (θ − θᵢ) mod 2π,
 * with z₀ the baseline, which breathing moves. Angles and widths stretch with the square root of the heart rate,
 * as in the authors' own program.
 */
type WaveParameters = {
  readonly angle: number;
  readonly a: number;
  readonly b: number;
  /** The power of the stretch that the angle follows. */
  readonly follows: number;
};

/** Table I of the paper: P, Q, R, S, T. */
const WAVES: readonly WaveParameters[] = [
  { angle: -Math.PI / 3, a: 1.2, b: 0.25, follows: 0.5 },
  { angle: -Math.PI / 12, a: -5, b: 0.1, follows: 1 },
  { angle: 0, a: 30, b: 0.1, follows: 0 },
  { angle: Math.PI / 12, a: -7.5, b: 0.1, follows: 1 },
  { angle: Math.PI / 2, a: 0.75, b: 0.4, follows: 0.5 },
];

/** Turns the model's z into millivolts: an R wave of a little over 1 mV. */
const GAIN_MV = 28;
const BASELINE_SWING = 0.002;
/** The phase between T and the next P, where a heart at standstill rests. */
const REST_ANGLE = 0.85 * Math.PI;
const TURN = 2 * Math.PI;

type Shape = readonly { readonly angle: number; readonly a: number; readonly inverseTwoBSquared: number }[];

const shapeOf = (beat: Cycle): Shape => {
  const stretch = Math.sqrt(1_000 / beat.naturalMs);
  return WAVES.map(({ angle, a, b, follows }) => ({
    angle: angle * stretch ** follows,
    a,
    inverseTwoBSquared: 1 / (2 * (b * stretch) ** 2),
  }));
};

/** ω in radians per second: a turn in the beat's natural length, any pause after it being spent at the rest angle. */
const angularVelocity = (beat: Cycle, atMs: number): number => {
  const turnMs = beat.naturalMs;
  const rests = beat.endMs - beat.startMs > turnMs + 1;
  const restFromMs = beat.startMs + (turnMs * REST_ANGLE) / TURN;
  const restUntilMs = beat.endMs - turnMs * (1 - REST_ANGLE / TURN);
  return rests && atMs >= restFromMs && atMs < restUntilMs ? 0 : (1_000 * TURN) / turnMs;
};

type Point = [x: number, y: number, z: number];

const derive = ([x, y, z]: Point, omega: number, baseline: number, shape: Shape): Point => {
  const alpha = 1 - Math.hypot(x, y);
  const theta = Math.atan2(y, x);
  let dz = baseline - z;
  for (const { angle, a, inverseTwoBSquared } of shape) {
    const away = theta - angle;
    const delta = away > Math.PI ? away - TURN : away < -Math.PI ? away + TURN : away;
    dz -= a * delta * Math.exp(-delta * delta * inverseTwoBSquared);
  }
  return [alpha * x - omega * y, alpha * y + omega * x, dz];
};

const along = (point: Point, slope: Point, seconds: number): Point => [
  point[0] + slope[0] * seconds,
  point[1] + slope[1] * seconds,
  point[2] + slope[2] * seconds,
];

/** Integrated before the first sample that is given out, for the baseline to settle: its time constant is 1 s. */
const SETTLE_SECONDS = 3;

/** Lead II of the beats handed in, from `startMs` on. */
export const createEcg = ({ startMs, rate }: { startMs: number; rate: number }) => {
  const stepMs = 1_000 / rate;
  const step = 1 / rate;
  const settleMs = startMs - SETTLE_SECONDS * 1_000;
  let samplesMade = 0;
  let point: Point | undefined;

  const phaseAt = (beat: Cycle, atMs: number): Point => {
    const angle = (TURN * Math.min(atMs - beat.startMs, beat.naturalMs)) / beat.naturalMs;
    return [Math.cos(angle), Math.sin(angle), 0];
  };

  const integrate = (count: number, beats: readonly Cycle[], lungVolumeAt: (atMs: number) => number): number[] => {
    const samples: number[] = [];
    let beat: Cycle | undefined;
    let shape: Shape = [];
    for (; samples.length < count; samplesMade++) {
      const atMs = settleMs + samplesMade * stepMs;
      const current = cycleAt(beats, atMs);
      if (!current) break;
      if (current !== beat) shape = shapeOf(current);
      beat = current;
      point ??= phaseAt(current, atMs);
      samples.push(point[2] * GAIN_MV);
      const baseline = BASELINE_SWING * lungVolumeAt(atMs);
      const omegaAt = (ms: number) => angularVelocity(cycleAt(beats, ms) ?? current, ms);
      const [now, middle, end] = [omegaAt(atMs), omegaAt(atMs + stepMs / 2), omegaAt(atMs + stepMs)];
      // Classical fourth-order Runge-Kutta, as in the paper.
      const k1 = derive(point, now, baseline, shape);
      const k2 = derive(along(point, k1, step / 2), middle, baseline, shape);
      const k3 = derive(along(point, k2, step / 2), middle, baseline, shape);
      const k4 = derive(along(point, k3, step), end, baseline, shape);
      point = along(along(along(along(point, k1, step / 6), k2, step / 3), k3, step / 3), k4, step / 6);
    }
    return samples;
  };

  return {
    /**
     * The next `count` samples in mV. `beats` must cover them and, at the first call, the seconds before them.
     * `lungVolumeAt` (0 to 1) moves the baseline.
     */
    next(count: number, beats: readonly Cycle[], lungVolumeAt: (atMs: number) => number): number[] {
      if (samplesMade === 0) integrate(SETTLE_SECONDS * rate, beats, lungVolumeAt);
      return integrate(count, beats, lungVolumeAt);
    },
  };
};
