import type { Support } from '../../harness/record/cell-record.js';
import { SUPPORTS } from '../../harness/record/cell-record.js';
import type { Aspect, VerdictKind } from '../../harness/judge/verdict/verdict-kinds.js';
import { VERDICT_KINDS, VERDICTS } from '../../harness/judge/verdict/verdict-kinds.js';
import type { FeedVerdict } from '../feed.generated.js';
import type { Column, Matrix, Row } from './matrix.js';
import { SUPPORT_STATES } from './states.js';

/** What the table is coloured by. */
export const LENSES = ['verdict', 'one-reg', 'guest', 'migration'] as const;
export type Lens = (typeof LENSES)[number];

/** What the choices are called. */
export const LENS_NAMES: Readonly<Record<Lens, string>> = {
  verdict: 'verdict',
  'one-reg': 'ONE_REG',
  guest: 'guest',
  migration: 'migration',
};

/** What one field of the table shows. */
export interface Look {
  /** Of the style sheet: `v-kernel`, `s-exact`. */
  readonly style: string;
  readonly sign: string;
  /** In one word, where there is room for one. */
  readonly short: string;
  readonly name: string;
  readonly meaning: string;
  /** The smaller, the worse. */
  readonly rank: number;
}

const SHORT: Readonly<Record<VerdictKind, string>> = {
  error: 'error',
  unexplained: 'unexplained',
  kernel: 'bug',
  configuration: 'config',
  emulator: 'QEMU',
  design: 'design',
  stored: 'stored',
  works: 'works',
  absent: 'absent',
  untested: '',
};

const ABSENT = VERDICTS.absent.sign;

/** States from what says most against a kernel to what says least. */
const WORST_FIRST: readonly Support[] = [
  ...(['error', 'lost', 'aliased', 'put-only', 'get-only', 'volatile', 'restricted'] as const),
  ...(['masked', 'exact', 'absent', 'untested'] as const),
];

/** How a verdict looks. */
export function verdictLook(kind: VerdictKind): Look {
  const { sign, name, meaning } = VERDICTS[kind];
  const rank = VERDICT_KINDS.indexOf(kind);
  return { style: `v-${kind}`, sign, short: SHORT[kind], name, meaning, rank };
}

/** How a state of the round trip looks. */
export function stateLook(support: Support): Look {
  const { sign, meaning } = SUPPORT_STATES[support];
  const name = support === 'untested' ? 'not asked' : support;
  const rank = WORST_FIRST.indexOf(support);
  return { style: `s-${support}`, sign, short: name, name, meaning, rank };
}

/** Every look of a lens, the worst first; by ONE_REG in the order in which people read states. */
export function looksOf(lens: Lens): Look[] {
  return lens === 'one-reg' ? SUPPORTS.map(stateLook) : VERDICT_KINDS.map(verdictLook);
}

/** The verdict on a register in a cell; undefined where it was not asked. */
export function verdictAt(matrix: Matrix, row: Row, column: Column): FeedVerdict | undefined {
  const answer = matrix.answerAt(row, column);
  return answer && matrix.feed.verdicts[answer.verdict];
}

/** The kind that a lens shows of a verdict; `one-reg` is that of the round trip. */
export function kindThrough(verdict: FeedVerdict | undefined, lens: Lens): VerdictKind {
  if (verdict === undefined) return 'untested';
  const aspect: Readonly<Record<Lens, Aspect | undefined>> = {
    ...{ verdict: undefined, 'one-reg': 'round-trip', guest: 'guest', migration: 'migration' },
  };
  const chosen = aspect[lens];
  return chosen === undefined ? verdict.kind : verdict.aspects[chosen];
}

/** How a register in a cell looks through a lens. */
function lookAt(matrix: Matrix, row: Row, column: Column, lens: Lens): Look {
  if (lens === 'one-reg') {
    return stateLook(matrix.answerAt(row, column)?.support ?? 'untested');
  }
  return verdictLook(kindThrough(verdictAt(matrix, row, column), lens));
}

/** How some cells look as one: the worst, and how many of those that have the register look so. */
export interface SetLook {
  readonly look: Look;
  /** The first of the cells that looks so; undefined of no cells. */
  readonly column: Column | undefined;
  readonly count: number;
  readonly asked: number;
}

/** How a register looks in several cells at once. */
export function lookOver(
  matrix: Matrix,
  row: Row,
  columns: readonly Column[],
  lens: Lens,
): SetLook {
  const looks = columns.map((column) => lookAt(matrix, row, column, lens));
  const untested = lens === 'one-reg' ? stateLook('untested') : verdictLook('untested');
  const worst = looks.reduce((a, b) => (b.rank < a.rank ? b : a), untested);
  return {
    look: worst,
    column: columns[looks.findIndex(({ style }) => style === worst.style)],
    count: looks.filter(({ style }) => style === worst.style).length,
    asked: looks.filter(
      ({ style, sign }) => style !== untested.style && (sign !== ABSENT || worst.sign === ABSENT),
    ).length,
  };
}

/** "kernel bug on 3 of 9 platforms"; of one cell, or where all look so, without the numbers. */
export function setLookText({ look, count, asked }: SetLook): string {
  return count === asked || asked <= 1
    ? look.name
    : `${look.name} on ${count} of ${asked} platforms`;
}

export type LookSum = readonly { readonly look: Look; readonly count: number }[];

/** How many of some rows look how in several cells at once, the worst first: "2 kernel bug, 21 works". */
export function sumLooks(
  matrix: Matrix,
  rows: readonly Row[],
  columns: readonly Column[],
  lens: Lens,
): LookSum {
  const counts = new Map<string, { look: Look; count: number }>();
  for (const row of rows) {
    const { look } = lookOver(matrix, row, columns, lens);
    const entry = counts.get(look.style) ?? { look, count: 0 };
    counts.set(look.style, { look, count: entry.count + 1 });
  }
  return [...counts.values()].sort((a, b) => a.look.rank - b.look.rank);
}
