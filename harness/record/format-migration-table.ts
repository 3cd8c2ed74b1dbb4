import type { MeasuredMigration, MigrationFacts, MigrationOutcome } from './migration-answer.js';
import { changedLosses, lossKey, pairName } from './migration-answer.js';
import { referenceFirst } from './qemu-line.js';

/**
 * The text of a table: the same outcomes give the same text, whatever their order. Each pair, each
 * different loss and each difference of a QEMU has a line of its own.
 */
export function formatMigrationTable(
  platform: string,
  measured: readonly MeasuredMigration[],
  facts: MigrationFacts,
): string {
  const qemus = referenceFirst(
    measured.flatMap(({ outcomes }) => [...outcomes.keys()]),
    facts.line,
  );
  const pairs = measured
    .toSorted((a, b) => compareTexts(pairName(a), pairName(b)))
    .map((pair) => ({ ...pair, versions: qemus.filter((version) => pair.outcomes.has(version)) }));
  const losses = [
    ...new Set(
      pairs.flatMap(({ outcomes }) =>
        [...outcomes.values()].flatMap(({ lost }) => lost.map(lossKey)),
      ),
    ),
  ].sort(compareTexts);
  const positions = new Map(losses.map((loss, index) => [loss, index]));
  const lines = pairs.map(({ from, to, outcomes, versions }) => {
    const { kept, lost } = outcomes.get(versions[0] ?? '') ?? NOTHING;
    return JSON.stringify({
      from: { kernel: from.kernel, platform: from.platform },
      ...{ to: to.kernel, kept },
      lost: lost.map((loss) => positions.get(lossKey(loss))),
      ...(versions.length === qemus.length
        ? {}
        : { under: versions.map((version) => qemus.indexOf(version)) }),
    });
  });
  return [
    '{',
    '  "format": 2,',
    `  "platform": ${JSON.stringify(platform)},`,
    `  "qemus": ${JSON.stringify(qemus)},`,
    `  "losses": ${list(losses)},`,
    `  "pairs": ${list(lines)},`,
    `  "differs": ${list(differenceLines(pairs, positions, facts))}`,
    '}',
    '',
  ].join('\n');
}

const NOTHING: MigrationOutcome = { kept: 0, lost: [] };

/** A line for each loss that a QEMU makes of a register otherwise than the reference, with its pairs. */
function differenceLines(
  pairs: readonly (MeasuredMigration & { readonly versions: readonly string[] })[],
  positions: ReadonlyMap<string, number>,
  { reasonOf }: MigrationFacts,
): string[] {
  const found = new Map<string, number[]>();
  for (const [index, pair] of pairs.entries()) {
    const [reference = '', ...others] = pair.versions;
    const own = pair.outcomes.get(reference) ?? NOTHING;
    for (const version of others) {
      for (const [register, loss] of changedLosses(own, pair.outcomes.get(version) ?? NOTHING)) {
        const head = JSON.stringify({
          ...{ qemu: version, reason: reasonOf(register, pair, version), register },
          ...(loss === undefined ? {} : { loss: positions.get(lossKey(loss)) }),
        });
        found.set(head, [...(found.get(head) ?? []), index]);
      }
    }
  }
  return [...found]
    .map(([head, members]) => `${head.slice(0, -1)},"pairs":${JSON.stringify(members)}}`)
    .sort(compareTexts);
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : `[\n    ${texts.join(',\n    ')}\n  ]`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
