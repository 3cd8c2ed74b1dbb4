import { stringify } from 'csv-stringify/sync';
import type { Feed } from './feed.js';
import { answersOf, issuesOf, kernelIdOf } from './feed-names.js';

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
        support: answer.support,
        ...{ get: answer.get, put: answer.put, reset: answer.reset, writable: answer.writable },
        refused: answer.refused.map(({ errno, value }) => `${errno}:${value}`).join(' '),
        aliases: (answer.aliases ?? []).join(' '),
        issues: issuesOf(feed, answer).join(' '),
        deviations: deviations.map(({ message }) => message).join('; '),
        note: answer.note,
      };
    }),
  );
  return stringify(rows, { header: true, escape_formulas: true, record_delimiter: 'unix' });
}
