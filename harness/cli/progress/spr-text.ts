import type { CellRecord } from '../../record/cell-record.js';
import { invocation } from '../../base/invocation.js';
import { againCommand } from '../../record/again-command.js';
import type { Spr } from '../../record/sprs.js';
import { sprItem, SPRS } from '../../record/sprs.js';

/** What is known of an SPR that has no row in registers.def. */
export interface SprDescription {
  readonly cell: CellRecord['cell'];
  readonly spr: number;
  /** What it is; undefined for a number that Power ISA gives to nothing that a guest of Book III-S finds. */
  readonly fact: Spr | undefined;
  /** What a guest of the cell found there, and what it should have been where that is another thing. */
  readonly answer: string | undefined;
  /** Whether the record has a scan of SPRs at all. */
  readonly wasScanned: boolean;
  readonly expected: string | undefined;
}

/** Describes the SPR of a number in a cell. */
export function describeSpr({ cell, states }: CellRecord, spr: number): SprDescription {
  const scan = states?.['spr-scan'];
  const item = sprItem(spr);
  return {
    cell,
    spr,
    fact: SPRS.get(spr),
    answer: scan?.answers[item],
    wasScanned: scan !== undefined,
    expected: scan?.faults?.[item],
  };
}

/** A description as `sprmatrix show` prints it; `origin` is where the record is from. */
export function sprText(
  { cell, spr, fact, answer, wasScanned, expected }: SprDescription,
  origin: string,
  kernel: Pick<CellRecord['kernel'], 'package'>,
): string {
  const nothing = wasScanned
    ? 'no guest of this record found anything there'
    : 'not asked: only --deep scans SPRs';
  const seen = answer ?? nothing;
  return [
    fact === undefined
      ? `SPR ${spr}: no name, and no ONE_REG id`
      : `${fact.name} (SPR ${spr}): ${fact.what}; no ONE_REG id of its own`,
    ...(fact?.carrier === undefined ? [] : [`  carried by ${fact.carrier}`]),
    `${cell.kernel} on ${cell.platform} (${origin}): ${seen}`,
    ...(expected === undefined ? [] : [`  expected  ${expected}`]),
    `again: ${againCommand({
      program: invocation().run,
      cells: [{ ...cell, package: kernel.package }],
      asked: ['--deep'],
    })}`,
  ].join('\n');
}
