/** How long a cell took, next to how long it was expected to. Milliseconds. */
export interface PaceSample {
  readonly expectedMs: number;
  readonly tookMs: number;
}

/** After so many cells a sample counts half: a machine's speed changes while it runs. */
const HALF_LIFE = 30;
/** What the trend is held by, in parts of the mean: cells of nearly the same length show none. */
const RIDGE = 0.1;
/** The trend must stand out from the samples' noise this much (its square, in standard errors). */
const SIGNIFICANT = 8;
/** A cell that hung, or was cut short, counts as no further from the median than by this. */
const OUTLIER = 3;
/** Cells of other lengths than any so far are not estimated further from the mean than by this. */
const REACH = 1.6;

/**
 * How fast this machine is, by the cells that ended, the last ones most: a function from a cell's
 * expected time to what to multiply it by. The longest cells run first, and what makes a machine
 * faster or slower need not do the same to short ones; so a trend over the cells' lengths is followed
 * as far as it stands out from the noise (a weighted regression, its slope shrunk by its error).
 */
export function paceOf(samples: readonly PaceSample[]): (expectedMs: number) => number {
  const usable = samples.filter(({ expectedMs }) => expectedMs > 0);
  if (usable.length === 0) return () => 1;
  // A long cell is worth more: its time says more of the run's.
  const weights = usable.map(
    ({ expectedMs }, index) => expectedMs * 0.5 ** ((usable.length - 1 - index) / HALF_LIFE),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = (value: (sample: PaceSample) => number): number =>
    usable.reduce((total, sample, index) => total + (weights[index] ?? 0) * value(sample), 0) / sum;
  const middle = median(usable.map(({ expectedMs, tookMs }) => tookMs / expectedMs));
  const paceIn = ({ expectedMs, tookMs }: PaceSample): number =>
    within(tookMs / expectedMs, middle / OUTLIER, middle * OUTLIER);
  const meanMs = mean(({ expectedMs }) => expectedMs);
  const meanPace = mean(paceIn);
  const spread = mean(({ expectedMs }) => (expectedMs - meanMs) ** 2);
  const covariance = mean((sample) => (sample.expectedMs - meanMs) * (paceIn(sample) - meanPace));
  const variance = mean((sample) => (paceIn(sample) - meanPace) ** 2);
  const size = sum ** 2 / weights.reduce((total, weight) => total + weight ** 2, 0);
  const slope = covariance / (spread + (RIDGE * meanMs) ** 2);
  const trend = slope * shareBeyondNoise({ slope, spread, covariance, variance, size });
  return (expectedMs) =>
    within(meanPace + trend * (expectedMs - meanMs), meanPace / REACH, meanPace * REACH);
}

/** How much of a slope is no noise, from 0 to 1; none where there are too few samples to tell. */
function shareBeyondNoise(fit: {
  readonly slope: number;
  readonly spread: number;
  readonly covariance: number;
  readonly variance: number;
  readonly size: number;
}): number {
  const { slope, spread, covariance, variance, size } = fit;
  if (slope === 0 || spread === 0 || size <= 2) return 0;
  const unexplained = Math.max(0, variance - covariance ** 2 / spread);
  const squaredError = unexplained / ((size - 2) * spread);
  return Math.max(0, 1 - (SIGNIFICANT * squaredError) / slope ** 2);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
