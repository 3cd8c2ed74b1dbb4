import { cellName } from './cell-name.js';
import type { MigrationTable } from './migration.generated.js';
import { measuredUnder } from './migration-answer.js';
import { linesOf, missingLines } from './qemu-line.js';

/**
 * What a table says of itself that cannot be, a line each: positions of nothing, and a difference that is
 * of a QEMU that its pair was not measured under, that is the pair's own answer, or that another one
 * contradicts.
 */
export function tableFaults(table: MigrationTable): string[] {
  return [...positionFaults(table), ...differenceFaults(table)];
}

function positionFaults({ qemus, losses, pairs, differs }: MigrationTable): string[] {
  const beyond = (
    where: string,
    positions: readonly number[],
    { length }: readonly unknown[],
    what: string,
  ): string[] =>
    positions
      .filter((position) => position >= length)
      .map((position) => `${where}: ${position}, but there are ${length} ${what}`);
  return [
    ...pairs.flatMap(({ lost, under = [] }, index) => [
      ...beyond(`pairs[${index}].lost`, lost, losses, 'losses'),
      ...beyond(`pairs[${index}].under`, under, qemus, 'QEMUs'),
    ]),
    ...differs.flatMap(({ loss, pairs: positions }, index) => [
      ...beyond(`differs[${index}].loss`, loss === undefined ? [] : [loss], losses, 'losses'),
      ...beyond(`differs[${index}].pairs`, positions, pairs, 'pairs'),
    ]),
  ];
}

function differenceFaults({ qemus, losses, pairs, differs }: MigrationTable): string[] {
  const seen = new Set<string>();
  return differs.flatMap(({ qemu, register, loss, pairs: positions }, index) =>
    positions.flatMap((position) => {
      const pair = pairs[position];
      if (pair === undefined) return [];
      const where = `differs[${index}]: ${register} of pair ${position} under QEMU ${qemu}`;
      const [reference, ...others] = measuredUnder(pair, qemus);
      const own = pair.lost.find((at) => losses[at]?.register === register);
      const name = `${qemu} ${register} ${position}`;
      const faults = [
        ...(reference === qemu ? [`${where}: that is what the pair itself is of`] : []),
        ...(reference !== qemu && !others.includes(qemu)
          ? [`${where}: the pair was not measured there`]
          : []),
        ...(own === loss ? [`${where}: it is as in the pair`] : []),
        ...(loss !== undefined && losses[loss] !== undefined && losses[loss].register !== register
          ? [`${where}: its loss is of ${losses[loss].register}`]
          : []),
        ...(seen.has(name) ? [`${where}: it stands there more than once`] : []),
      ];
      seen.add(name);
      return faults;
    }),
  );
}

/**
 * Release lines that some pairs of a table were measured under, and others not though they were under an
 * older and under a newer line, a line each.
 */
export function migrationHoles({ platform, qemus, pairs }: MigrationTable): string[] {
  const lines = linesOf(qemus);
  return pairs.flatMap((pair) =>
    missingLines(linesOf(measuredUnder(pair, qemus)), lines).map(
      (line) =>
        `matrix/migration/${platform}.json: from ${cellName(pair.from)} to ${pair.to}: not measured under QEMU ${line}, which is between two that it was measured under`,
    ),
  );
}
