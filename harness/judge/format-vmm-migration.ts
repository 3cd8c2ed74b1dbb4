import { lossLines, lossText, namesText, pairText } from '../record/loss-text.js';
import type { MigrationAnswer, VmmAnswer, VmmLoss } from '../record/migration-answer.js';
import { lossTexts } from './format-migration.js';
import type { LossContext } from './verdict/migration-outcome.js';
import { judgeLosses } from './verdict/migration-outcome.js';

/**
 * What a guest loses with another VMM, next to what it loses with libsprsync: what each loses that the other
 * keeps, and what is lost with both.
 */
export function formatVmmMigration(
  answer: MigrationAnswer,
  vmm: VmmAnswer,
  context: LossContext,
): string {
  const { lost } = answer;
  const ours = new Map(lost.map((loss) => [loss.register, loss]));
  const theirs = new Map(vmm.lost.map((loss) => [loss.register, loss]));
  const theirsAlone = vmm.lost.filter(({ register }) => !ours.has(register));
  const oursAlone = lost.filter(({ register }) => !theirs.has(register));
  const both = lost.filter(({ register }) => theirs.has(register));
  return [
    `${pairText(answer)}: ${vmm.lost.length} of ${vmm.kept + vmm.lost.length} registers are lost with ${vmm.name}, ${lost.length} with libsprsync`,
    ...part(`lost with ${vmm.name} alone`, theirsAlone, context),
    ...part('lost with libsprsync alone', oursAlone, context),
    ...part('lost with both', both, context),
    ...both.flatMap(({ register }) => otherwise(ours.get(register), theirs.get(register), vmm)),
    vmm.refused.length === 0
      ? `the target refused none of the puts of ${vmm.name}`
      : `refused, of which ${vmm.name} says nothing: ${namesText(vmm.refused)}`,
  ].join('\n');
}

function part(title: string, losses: readonly VmmLoss[], context: LossContext): string[] {
  if (losses.length === 0) return [`${title}: nothing`];
  // What a VMM does not put is its own doing: no kernel, configuration or emulator explains it.
  const isNotPut = ({ how }: VmmLoss): boolean => how === 'not-put';
  return [
    `${title}: ${losses.length}`,
    ...lossLines(losses.filter(isNotPut)).map((line) => `  ${line}`),
    ...lossTexts(
      judgeLosses(
        losses.filter((loss) => !isNotPut(loss)),
        context,
      ),
    ),
  ];
}

/** How the other VMM loses what is lost with both, where that is another way. */
function otherwise(
  ours: VmmLoss | undefined,
  theirs: VmmLoss | undefined,
  { name }: VmmAnswer,
): string[] {
  if (ours === undefined || theirs === undefined) return [];
  const text = lossText(theirs);
  return text === lossText(ours) ? [] : [`  ${theirs.register} with ${name}: ${text}`];
}
