import { cellName } from './cell-name.js';
import type { CellRecord } from './cell-record.js';
import type { Loss } from './migration.generated.js';

/** A loss with another VMM, which may be that it does not put the register at all. */
export type VmmLoss = Loss | (Omit<Loss, 'how'> & { readonly how: 'not-put' });

/** The cells that a migration is between. */
export interface MigrationEnds {
  readonly from: CellRecord['cell'];
  readonly to: CellRecord['cell'];
}

/** "debian-6.1 to debian-6.12 on powernv9", or both cells where the platforms differ. */
export function pairText({ from, to }: MigrationEnds): string {
  return from.platform === to.platform
    ? `${from.kernel} to ${to.kernel} on ${to.platform}`
    : `${cellName(from)} to ${cellName(to)}`;
}

/** A line for each register; numbered ones of which none is known there have one together. */
export function lossLines(losses: readonly VmmLoss[]): string[] {
  const lines: string[] = [];
  let range: { readonly prefix: string; readonly first: number; last: number } | undefined;
  for (const loss of losses) {
    const [, prefix = '', digits] = /^(.*?)(\d+)$/.exec(loss.register) ?? [];
    const isPlain = loss.how === 'unknown' && loss.guest === undefined;
    if (!isPlain || digits === undefined) {
      range = undefined;
      lines.push(`${loss.register}: ${lossText(loss)}`);
      continue;
    }
    const number = Number(digits);
    if (range?.prefix === prefix && range.last + 1 === number) {
      range.last = number;
      const { errno = 'no errno' } = loss;
      const names = `${prefix}${range.first}-${number}`;
      lines[lines.length - 1] = `${names}: unknown ids, the target refuses them with ${errno}`;
    } else {
      range = { prefix, first: number, last: number };
      lines.push(`${loss.register}: ${lossText(loss)}`);
    }
  }
  return lines;
}

/** Names as a person writes them: those that follow each other by number as `TM_GPR0-31`. */
export function namesText(names: readonly string[]): string {
  const runs: { readonly prefix: string; readonly first: number; last: number }[] = [];
  for (const name of names) {
    const [, prefix = name, digits] = /^(.*?)(\d+)$/.exec(name) ?? [];
    const number = digits === undefined ? Number.NaN : Number(digits);
    const run = runs.at(-1);
    if (run?.prefix === prefix && run.last + 1 === number) run.last = number;
    else runs.push({ prefix, first: number, last: number });
  }
  return runs
    .map(({ prefix, first, last }) => {
      if (Number.isNaN(first)) return prefix;
      return first === last ? `${prefix}${first}` : `${prefix}${first}-${last}`;
    })
    .join(', ');
}

/** How a register is lost: "unknown id, the target refuses it with EINVAL; 0x1 was saved". */
export function lossText(loss: VmmLoss): string {
  const { how, errno = 'no errno', saved = 'a value that counts', restored, mask } = loss;
  const guest = guestLossText(loss);
  const both = guest === '' ? '' : `; the guest ${guest}`;
  switch (how) {
    case 'unknown':
      return `unknown id, the target refuses it with ${errno}; ${saved} was saved${both}`;
    case 'refused':
      return `refused value, ${saved}, with ${errno}${both}`;
    case 'masked':
      return restored === undefined
        ? `${saved} was saved and another value is there${both}`
        : `masked bits ${mask ?? ''}, ${saved} became ${restored}${both}`;
    case 'not-put':
      return `not put, ${saved} was saved${restored === undefined ? '' : ` and ${restored} is there`}${both}`;
    case 'guest':
      return `the guest ${guest}`;
  }
}

function guestLossText({ guest, before = 'a count', after, vector = '' }: VmmLoss): string {
  if (guest === undefined) return '';
  switch (guest) {
    case 'differs':
      return `read ${before} before and reads ${after ?? 'another value'}`;
    case 'traps':
      return `traps to ${vector} when it reads it`;
    case 'not-accessible':
      return 'reads it and the processor ignores that';
    case 'untested':
      return 'stops when it reads it';
  }
}
