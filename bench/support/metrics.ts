/** What the station says of itself on /metrics, in Prometheus' text format. */
export type Metrics = {
  /** The value of a metric by its name, with all labels added up. */
  readonly total: (name: string) => number;
  /** The values of a metric by one of its labels, those of zero left out. */
  readonly byLabel: (name: string, label: string) => Readonly<Record<string, number>>;
  readonly histogram: (name: string, labels: Labels) => Buckets;
};

type Labels = Readonly<Record<string, string>>;

/** How many were at most so much, by upper edge in seconds, ascending. */
export type Buckets = ReadonlyMap<number, number>;

type Sample = { readonly name: string; readonly labels: Labels; readonly value: number };

const parseLine = ([, name = '', labels = '', value]: RegExpMatchArray): Sample => ({
  name,
  labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text])),
  value: Number(value),
});

export const parseMetrics = (text: string): Metrics => {
  const samples = [...text.matchAll(/^(\w+)(?:\{([^}]*)\})? (\S+)$/gm)].map(parseLine);
  return {
    total: (wanted) => samples.reduce((sum, { name, value }) => (name === wanted ? sum + value : sum), 0),
    byLabel: (wanted, label) =>
      Object.fromEntries(
        samples.flatMap(({ name, labels, value }) =>
          name === wanted && value !== 0 ? [[labels[label] ?? '', value] as const] : [],
        ),
      ),
    histogram(wanted, labels) {
      const buckets = new Map<number, number>();
      for (const sample of samples) {
        const isWanted = Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
        if (sample.name !== `${wanted}_bucket` || !isWanted) continue;
        const edge = sample.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample.labels.le);
        buckets.set(edge, (buckets.get(edge) ?? 0) + sample.value);
      }
      return new Map([...buckets].sort(([one], [other]) => one - other));
    },
  };
};

/** The upper edge, in seconds, below which that share of what came between two looks is; NaN when nothing came. */
export const quantileEdge = (before: Buckets, after: Buckets, share: number): number => {
  const counts = [...after].map(([edge, count]) => [edge, count - (before.get(edge) ?? 0)] as const);
  const count = counts.at(-1)?.[1] ?? 0;
  if (count === 0) return Number.NaN;
  return counts.find(([, atMost]) => atMost >= share * count)?.[0] ?? Number.NaN;
};
