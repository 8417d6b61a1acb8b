/** A sound card that remembers what was scheduled and plays nothing. Seconds. */
export const fakeAudio = (currentTime: number) => {
  const pulses: { from: number; to: number; hertz: number; ramp: [value: number, at: number][] }[] = [];
  const cut: number[] = [];
  const createGain = () => {
    const ramp: [number, number][] = [];
    const gain = {
      value: 1,
      setValueAtTime: (value: number, at: number) => ramp.push([value, at]),
      linearRampToValueAtTime: (value: number, at: number) => ramp.push([value, at]),
      cancelScheduledValues: () => {},
      setTargetAtTime: (_value: number, at: number) => cut.push(at),
    };
    return { gain, ramp, connect: (to: unknown) => to, disconnect: () => {} };
  };
  const createOscillator = () => {
    const pulse = { from: 0, to: 0, hertz: 0, ramp: [] as [number, number][] };
    pulses.push(pulse);
    return {
      setPeriodicWave: () => {},
      frequency: {
        set value(hertz: number) {
          pulse.hertz = hertz;
        },
      },
      connect(to: ReturnType<typeof createGain>) {
        pulse.ramp = to.ramp;
        return to;
      },
      start: (at: number) => {
        pulse.from = at;
      },
      stop: (at: number) => {
        pulse.to = at;
      },
    };
  };
  const context = {
    currentTime,
    state: 'running',
    destination: {},
    resume: async () => {},
    close: async () => {},
    createPeriodicWave: () => ({}),
    createGain,
    createOscillator,
  };
  return { context: context as unknown as AudioContext, pulses, cut };
};
