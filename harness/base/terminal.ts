/** What is asked of an output: `process.stdout` and `process.stderr` have it. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether lines may be drawn over: a terminal whose cursor moves, and that has columns to move in. */
export function isDrawable(output: Output, env: Environment = process.env): boolean {
  return output.isTTY === true && env['TERM'] !== 'dumb' && output.columns !== 0;
}

/** How many columns an output has; undefined where it is no terminal, and lines may be as long as they are. */
export function widthOf({ isTTY, columns }: Output): number | undefined {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : undefined;
}

/**
 * Whether an output takes colours: a terminal that is not dumb, unless NO_COLOR or FORCE_COLOR says
 * otherwise. A file is none, in CI or not.
 */
export function hasColours(output: Output, env: Environment = process.env): boolean {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  if (isSet('NO_COLOR')) return false;
  if (isSet('FORCE_COLOR')) return env['FORCE_COLOR'] !== '0';
  return output.isTTY === true && env['TERM'] !== 'dumb';
}
