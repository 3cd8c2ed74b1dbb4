import { countOf } from '../base/count.js';
import type { FactDifference, FolderDiff, RecordDiff } from './diff-records.js';

/** Facts that always differ between kernels: they are reported only when the two cells are the same. */
const FACTS_OF_AN_IMAGE: ReadonlySet<string> = new Set([
  'kernel release',
  'kernel version',
  'kernel package',
  'kernel image',
]);

/** A difference of records as plain text: facts first, then one sentence a register. */
export function formatRecordDiff(diff: RecordDiff): string {
  const { names, cells, compared, registers, checks } = diff;
  const isOneCell = cells.a === cells.b;
  const title = isOneCell ? `${cells.a}: ${names.a} and ${names.b}` : `${cells.a} and ${cells.b}`;
  const facts = diff.facts.filter(({ fact }) => isOneCell || !FACTS_OF_AN_IMAGE.has(fact));
  const count = registers.length;
  const result =
    count === 0
      ? `no difference in ${countOf(compared, 'register')}`
      : `${count} of ${countOf(compared, 'register')} ${count === 1 ? 'differs' : 'differ'}`;
  return [
    `${title}: ${result}`,
    ...facts.map((fact) => `  (${factSentence(fact, diff)})`),
    ...[...registers, ...checks].map(({ sentence }) => `  ${sentence}`),
  ].join('\n');
}

/** A difference of two lists of records as plain text: pair by pair, then what has no partner. */
export function formatFolderDiff(diff: FolderDiff, sides = { a: 'A', b: 'B' }): string {
  const alone = (cells: readonly string[], side: string): string[] =>
    cells.length === 0 ? [] : [`only in ${side}: ${cells.join(', ')}`];
  const blocks = [
    ...diff.pairs.map(formatRecordDiff),
    ...alone(diff.onlyA, sides.a),
    ...alone(diff.onlyB, sides.b),
  ];
  return blocks.length === 0 ? 'nothing to compare' : blocks.join('\n');
}

/** Whether two lists of records differ in nothing that a register, or a hostile call, answers. */
export function isSameAnswers(diff: FolderDiff): boolean {
  return (
    diff.onlyA.length === 0 &&
    diff.onlyB.length === 0 &&
    diff.pairs.every(({ registers, checks }) => registers.length + checks.length === 0)
  );
}

function factSentence({ fact, a, b }: FactDifference, { names }: RecordDiff): string {
  return `${fact}: ${a} in ${names.a}, ${b} in ${names.b}`;
}
