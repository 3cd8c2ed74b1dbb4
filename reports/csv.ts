import { stringify } from 'csv-stringify/sync';
import type { RowField } from '../harness/record/row-fields.js';
import { ANSWER_FIELDS, rowFieldText } from '../harness/record/row-fields.js';
import type { Feed, FeedAnswer } from './feed.js';
import { answersOf, issuesOf, kernelIdOf } from './feed-names.js';
import { asRow } from './model/matrix.js';

/**
 * One line for each register of each cell. Lists are joined by spaces; what stands for null is an
 * empty field. A text that a spreadsheet would take for a formula is quoted as one that it does not.
 */
export function writeCsv(feed: Feed): string {
  const rows = feed.cells.flatMap((cell, cellIndex) =>
    answersOf(feed, cell).map(({ register, answer }) => {
      const { name, id, size, spr, group } = feed.registers[register] ?? {};
      const deviations = feed.deviations.filter(
        (deviation) => deviation.cell === cellIndex && deviation.register === register,
      );
      return {
        kernel: kernelIdOf(feed, cell),
        platform: feed.platforms[cell.platform]?.id,
        release: cell.image.release,
        qemu: cell.machine.qemu,
        register: name,
        ...{ id, bits: size, spr, group },
        ...Object.fromEntries(ANSWER_FIELDS.map((field) => [field, fieldValue(answer, field)])),
        issues: issuesOf(feed, answer).join(' '),
        deviations: deviations.map(({ message }) => message).join('; '),
        note: answer.note,
      };
    }),
  );
  return stringify(rows, { header: true, escape_formulas: true, record_delimiter: 'unix' });
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
