import type { CellBreakdown } from './cell-breakdown.js';
import type { Figure } from './figure.js';

const BREAKDOWN_HEAD = ['cell', 'bare boot', 'cell'];

/** Where cold cells' time goes: a head, and a row of each figure that has a breakdown. */
export function breakdownRows(figures: readonly Figure[]): { head: string[]; rows: string[][] } {
  const broken = figures.flatMap(({ details }) => {
    const parts = details['breakdownMs'] as CellBreakdown | undefined;
    return parts === undefined ? [] : [{ details, parts }];
  });
  const names = Object.keys(broken[0]?.parts ?? {}) as (keyof CellBreakdown)[];
  return {
    head: [...BREAKDOWN_HEAD, ...names],
    rows: broken.map(({ details, parts }) => [
      String(details['cell']),
      ...[details['bareBootMs'], details['cellMs'], ...names.map((name) => parts[name])].map(
        (ms) => `${Math.round(Number(ms))} ms`,
      ),
    ]),
  };
}
