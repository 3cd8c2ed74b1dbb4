import type { CellRecord } from '../../record/cell-record.js';
import type { Spr } from '../../record/sprs.js';
import { SPRS } from '../../record/sprs.js';

/** What is known of an SPR that has no row in registers.def. */
export interface SprDescription {
  readonly cell: CellRecord['cell'];
  readonly spr: number;
  /** What it is; undefined for a number that Power ISA gives to nothing that a guest of Book III-S finds. */
  readonly fact: Spr | undefined;
}

/** Describes the SPR of a number. */
export function describeSpr({ cell }: Pick<CellRecord, 'cell'>, spr: number): SprDescription {
  return { cell, spr, fact: SPRS.get(spr) };
}

/** A description as `sprmatrix show` prints it. */
export function sprText({ spr, fact }: SprDescription): string {
  const what =
    fact === undefined
      ? `SPR ${spr}: no name, and no ONE_REG id`
      : `${fact.name} (SPR ${spr}): ${fact.what}; no ONE_REG id of its own`;
  const carried = fact?.carrier === undefined ? [] : [`  carried by ${fact.carrier}`];
  return [what, ...carried, '  no cell has been asked for it'].join('\n');
}
