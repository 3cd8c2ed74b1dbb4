import { expect } from '@playwright/test';
import {
  attachFiles,
  KNOWN_ISSUE,
  throwDeviations,
  VERDICT,
  withoutExcerpt,
} from '../../fixtures/cell-evidence.js';
import type { CellAnswer } from '../../fixtures/cell.js';
import { test } from '../../fixtures/cell.js';
import { registerTitle } from '../../fixtures/register-title.js';
import { plannedCell, readTestPlan } from '../../fixtures/test-plan.js';
import { testAgain } from '../../harness/cell/again.js';
import type { Deviation } from '../../harness/judge/deviation.js';
import type { CellJudgement } from '../../harness/judge/judge-cell.js';
import { VERDICTS } from '../../harness/judge/verdict/verdict-kinds.js';
import { verdictLines } from '../../harness/judge/verdict/verdict-text.js';
import { ANSWER_FIELDS, shownLines } from '../../harness/record/row-fields.js';
import { stateOfItem } from '../../harness/record/states.js';
import type { Register } from '../../harness/sync/register-table.js';
import { registerTable } from '../../harness/sync/register-table.js';

const plan = readTestPlan();
const asked = new Set(plan?.registers);

/** What a register answered, and what that comes to: for the body of a report of the test. */
function describeAnswer({ verdicts, record, issues }: CellAnswer, { name, id }: Register): void {
  const [verdict, row] = [verdicts?.get(name), record?.registers[name]];
  if (verdict === undefined || row === undefined) return;
  const lines = [
    `Asked: ONE_REG 0x${id.toString(16)}: get, put back, patterns; a guest's read and write; a migration.`,
    ...verdictLines(row, verdict, issues ?? []),
    ...ANSWER_FIELDS.flatMap((field) => shownLines(row, field)).map(
      ({ label, text }) => `${label}: ${text}`,
    ),
  ];
  test
    .info()
    .annotations.push(
      { type: VERDICT, description: VERDICTS[verdict.kind].name },
      { type: 'description', description: lines.map((line) => `- ${line}`).join('\n') },
    );
}

/** The command that asks this cell `asked` again. */
function againCommand(asked: readonly string[]): string {
  const name = test.info().project.name;
  const planned = plannedCell(plan, name);
  if (planned === undefined) throw new Error(`no cell ${name} planned`);
  return testAgain(planned, asked);
}

/** Skips the test of a cell that cannot run on this machine. */
function skipWhereObstructed({ obstacle }: CellAnswer): void {
  // No verdict on the kernel can be had here, so it neither passes nor fails; --require-all makes it a failure.
  test.skip(obstacle !== undefined, `cannot run: ${obstacle ?? ''}`);
}

/** What is said of a cell; skips the test where nothing is. */
function judgementOf(cell: CellAnswer): CellJudgement {
  skipWhereObstructed(cell);
  // The cell's first test has failed with the reason; 311 failures more would not say more.
  test.skip(cell.failure !== undefined, 'the cell gave no answer; see its first test');
  if (cell.obstacle !== undefined || cell.failure !== undefined) throw new Error('skipped above');
  return cell.judgement;
}

/** Fails the test for deviations of what it asks that no known issue excuses, and notes the issues of the others. */
async function judge(
  { excused, unexcused }: CellJudgement,
  isMine: (deviation: Deviation) => boolean,
  again: readonly string[],
): Promise<void> {
  for (const { deviation, issue } of excused) {
    if (!isMine(deviation)) continue;
    test.info().annotations.push({ type: KNOWN_ISSUE, description: issue.id });
  }
  await throwDeviations(test.info(), unexcused.filter(isMine), () => againCommand(again));
}

const isCapability = ({ check }: Deviation): boolean => check?.startsWith('KVM_CAP_') === true;
const isOfState = ({ check }: Deviation): boolean =>
  check !== undefined && stateOfItem(check) !== undefined;

test('the kernel boots, and its KVM answers for every register', async ({ cell }) => {
  skipWhereObstructed(cell);
  if (cell.obstacle !== undefined) return;
  if (plan !== undefined) await attachFiles(plan, test.info());
  if (cell.failure !== undefined) throw withoutExcerpt([cell.failure]);
  expect(cell.judgement.errors).toEqual([]);
  const capabilities = cell.judgement.unexcused.filter(isCapability);
  expect(capabilities.map(({ message }) => message)).toEqual([]);
  expect(cell.unneeded).toEqual([]);
});

test('hostile calls are refused, and harm neither the vCPU nor the host', async ({ cell }) => {
  // A choice of registers makes none, and so does --hostile=0.
  test.skip(plan?.hostile === undefined, 'no hostile calls were asked for');
  if (plan?.hostile === undefined) return;
  const isHostile = (deviation: Deviation): boolean =>
    deviation.check !== undefined && !isOfState(deviation) && !isCapability(deviation);
  const { ids, seed } = plan.hostile;
  await judge(judgementOf(cell), isHostile, [`--hostile=${ids}:${seed}`]);
});

if (plan?.isDeep === true) {
  test('what has no row is as it should be', async ({ cell }) => {
    const judgement = judgementOf(cell);
    if (judgement.hasBaseline && !judgement.hasDeepBaseline) {
      const description = 'no deep answers in the baseline, judged by the standing rules alone';
      test.info().annotations.push({ type: 'baseline', description });
    }
    await judge(judgement, isOfState, ['--deep']);
  });
}

for (const register of registerTable().filter(({ name }) => asked.has(name))) {
  test(registerTitle(register), async ({ cell }) => {
    const isMine = (deviation: Deviation): boolean => deviation.register === register.name;
    const judgement = judgementOf(cell);
    describeAnswer(cell, register);
    await judge(judgement, isMine, [`--register=${register.name}`]);
  });
}
