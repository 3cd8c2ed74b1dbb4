import { countOf } from '../base/count.js';
import type { LateTurn } from '../agent/nudge.js';

/**
 * What a person is to know of a cell whose guests did not end their turns by themselves: the emulator's doing,
 * which no verdict speaks of. Undefined where there were none.
 */
export function lateTurnsText(
  cell: string,
  qemuVersion: string,
  turns: readonly LateTurn[],
): string | undefined {
  if (turns.length === 0) return undefined;
  const nudges = turns.reduce((sum, turn) => sum + turn.nudges, 0);
  const longest = Math.max(...turns.map(({ tookMs }) => tookMs));
  const requests = [...new Set(turns.map(({ request }) => request))].join(', ');
  return `${cell}: emulator: QEMU ${qemuVersion} let ${countOf(turns.length, 'guest')} go on (${requests}; a lost hypervisor decrementer), brought back by ${countOf(nudges, 'request')}, after ${longest} ms at most; no verdict speaks of it`;
}
