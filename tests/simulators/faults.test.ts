import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../../simulators/device-client.ts';
import { createFaults, type FaultKind, type FaultRates } from '../../simulators/faults.ts';
import { createRandom } from '../../simulators/random.ts';

const COUNT = 1_000;

/** A thousand messages, one a second, through the faults; what came out, in order, and what befell which. */
const play = (rates: FaultRates, seed = 1) => {
  let now = 0;
  const delivered: number[] = [];
  const times: number[] = [];
  const befell: { kind: FaultKind; seq: number }[] = [];
  const cuts: string[] = [];
  const faults = createFaults({
    rates,
    random: createRandom(seed),
    clock: { now: () => now },
    onFault: (kind, { message }) => befell.push({ kind, seq: message.seq }),
  });
  faults.attach({ cut: () => cuts.push(`cut ${now}`), restore: () => cuts.push(`restore ${now}`) });
  const send = faults.through(({ message }: Outgoing) => {
    delivered.push(message.seq);
    times.push(message.time);
  });
  for (let seq = 0; seq < COUNT; seq++, now += 1_000) {
    send({ channel: 'vitals', message: { time: now, boot: 'b', seq, vitals: {} } });
    faults.tick();
  }
  faults.settle();
  const seqsOf = (kind: FaultKind) => befell.filter((fault) => fault.kind === kind).map(({ seq }) => seq);
  return { delivered, times, cuts, counts: faults.counts(), seqsOf };
};

const all = Array.from({ length: COUNT }, (_, seq) => seq);
const sorted = (seqs: readonly number[]) => seqs.toSorted((a, b) => a - b);

describe('faults', () => {
  it('are none unless asked for', () => {
    const { delivered, counts } = play({});
    expect(delivered).toEqual(all);
    expect(counts).toEqual({ drop: 0, duplicate: 0, delay: 0, reorder: 0, disconnect: 0 });
  });

  it('are the same for the same seed', () => {
    const rates = { drop: 0.1, duplicate: 0.1, delay: 0.1, reorder: 0.1 };
    expect(play(rates, 5).delivered).toEqual(play(rates, 5).delivered);
    expect(play(rates, 6).delivered).not.toEqual(play(rates, 5).delivered);
  });

  it('drop: exactly what is reported dropped is missing', () => {
    const { delivered, seqsOf, counts } = play({ drop: 0.1 });
    const dropped = seqsOf('drop');
    expect(delivered).toEqual(all.filter((seq) => !dropped.includes(seq)));
    expect(counts.drop).toBe(dropped.length);
    expect(counts.drop).toBeGreaterThan(60);
    expect(counts.drop).toBeLessThan(140);
  });

  it('duplicate: exactly what is reported duplicated comes twice', () => {
    const { delivered, seqsOf } = play({ duplicate: 0.1 });
    expect(sorted(delivered)).toEqual(sorted([...all, ...seqsOf('duplicate')]));
    expect(seqsOf('duplicate').length).toBeGreaterThan(60);
  });

  it('reorder: a message comes after the next one, and nothing is lost', () => {
    const { delivered, seqsOf } = play({ reorder: 0.1 });
    expect(sorted(delivered)).toEqual(all);
    expect(seqsOf('reorder').length).toBeGreaterThan(60);
    for (const seq of seqsOf('reorder').filter((one) => one < COUNT - 1)) {
      expect(delivered.indexOf(seq)).toBe(delivered.indexOf(seq + 1) + 1);
    }
  });

  it('delay: a message comes seconds later, and nothing is lost', () => {
    const { delivered, seqsOf } = play({ delay: 0.1 });
    expect(sorted(delivered)).toEqual(all);
    const overtaking = delivered.filter((seq, place) => seq < Math.max(...delivered.slice(0, place)));
    expect(sorted(overtaking.filter((seq) => !seqsOf('delay').includes(seq)))).toEqual([]);
    expect(overtaking.length).toBeGreaterThan(50);
  });

  it('disconnect: the link is cut and mended within 5 to 31 seconds, one cut at a time', () => {
    const { cuts, counts, delivered } = play({ disconnect: 0.05 });
    expect(delivered).toEqual(all);
    expect(counts.disconnect).toBeGreaterThan(10);
    expect(cuts.map((event) => event.split(' ')[0])).toEqual(cuts.map((_, index) => (index % 2 ? 'restore' : 'cut')));
    const times = cuts.map((event) => Number(event.split(' ')[1]));
    // The last may be mended early, by the end of all faults.
    for (let index = 0; index + 2 < times.length; index += 2) {
      const lengthMs = (times[index + 1] ?? 0) - (times[index] ?? 0);
      expect(lengthMs).toBeGreaterThanOrEqual(5_000);
      expect(lengthMs).toBeLessThanOrEqual(31_000);
    }
  });

  it('clock off: every time is shifted and nothing else', () => {
    const { delivered, times } = play({ clockOffsetMs: -90_000 });
    expect(delivered).toEqual(all);
    expect(times).toEqual(all.map((seq) => seq * 1_000 - 90_000));
  });
});
