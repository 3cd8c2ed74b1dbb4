import { stringify } from 'csv-stringify/sync';
import { ASPECTS } from '../harness/judge/verdict/verdict-kinds.js';
import type { RowField } from '../harness/record/row-fields.js';
import { ANSWER_FIELDS, rowFieldText } from '../harness/record/row-fields.js';
import type { Feed, FeedAnswer, FeedCell, FeedIssue } from './feed.js';
import { checkOutcomes } from './feed-checks.js';
import { answersOf, deviationTextsOf, issuesOf, kernelIdOf, verdictOf } from './feed-names.js';
import { asRow } from './model/matrix.js';

/** The columns, in their order: what a line is of, what it comes to, what was answered. */
const COLUMNS: readonly string[] = [
  ...['kernel', 'platform', 'release', 'qemu', 'register', 'check', 'id', 'bits', 'spr', 'group'],
  ...['verdict', ...ASPECTS.map((aspect) => `${aspect} verdict`)],
  ...ANSWER_FIELDS,
  ...['hostile', 'issues', 'deviations', 'note'],
];

/**
 * One line for each register of each cell, and after those of a cell one for each of its hostile checks, which
 * has a `check` and no `register`. Lists are joined by spaces; what stands for null is an empty field. A text
 * that a spreadsheet would take for a formula is quoted as one that it does not.
 */
export function writeCsv(feed: Feed): string {
  const rows = feed.cells.flatMap((cell, index) => [
    ...registerRows(feed, cell, index),
    ...checkRows(feed, cell, index),
  ]);
  return stringify(rows, {
    ...{ header: true, columns: [...COLUMNS], escape_formulas: true, record_delimiter: 'unix' },
  });
}

function registerRows(feed: Feed, cell: FeedCell, cellIndex: number): object[] {
  return answersOf(feed, cell).map(({ register, answer }) => {
    const { name, id, size, spr, group } = feed.registers[register] ?? {};
    const { kind, aspects } = verdictOf(feed, answer);
    return {
      ...cellFields(feed, cell),
      ...{ register: name, id, bits: size, spr, group, verdict: kind },
      ...Object.fromEntries(ASPECTS.map((aspect) => [`${aspect} verdict`, aspects[aspect]])),
      ...Object.fromEntries(ANSWER_FIELDS.map((field) => [field, fieldValue(answer, field)])),
      issues: idsOf(issuesOf(feed, answer)),
      deviations: deviationTextsOf(feed, cellIndex, register).join('; '),
      note: answer.note,
    };
  });
}

function checkRows(feed: Feed, cell: FeedCell, index: number): object[] {
  return checkOutcomes(feed, index).map(({ name, kind, text, issues, deviations }) => ({
    ...cellFields(feed, cell),
    ...{ check: name, verdict: kind, hostile: text },
    ...{ issues: idsOf(issues), deviations: deviations.join('; ') },
  }));
}

function cellFields(feed: Feed, cell: FeedCell): object {
  return {
    kernel: kernelIdOf(feed, cell),
    platform: feed.platforms[cell.platform]?.id,
    release: cell.image.release,
    qemu: cell.machine.qemu,
  };
}

function idsOf(issues: readonly FeedIssue[]): string {
  return issues.map(({ id }) => id).join(' ');
}

/** A field of an answer: lists joined by spaces, what is not there or null as an empty field. */
function fieldValue(answer: FeedAnswer, field: RowField): string {
  if (field === 'refused')
    return answer.refused.map(({ errno, value }) => `${errno}:${value}`).join(' ');
  const row = asRow(answer);
  if (field === 'aliases' || field === 'victims') return (row[field] ?? []).join(' ');
  const value = row[field];
  if (value === undefined || value === null) return '';
  return rowFieldText(row, field);
}
