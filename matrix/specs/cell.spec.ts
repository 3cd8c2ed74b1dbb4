import { expect } from '@playwright/test';
import { attachFiles, throwDeviations, withoutExcerpt } from '../../fixtures/cell-evidence.js';
import { test } from '../../fixtures/cell.js';
import { plannedCell, readTestPlan } from '../../fixtures/test-plan.js';
import { testAgain } from '../../harness/cell/again.js';
import { stateOfItem } from '../../harness/record/states.js';
import { registerTable } from '../../harness/sync/register-table.js';

const plan = readTestPlan();
const asked = new Set(plan?.registers);
const isCapability = (check: string | undefined): boolean => check?.startsWith('KVM_CAP_') === true;

/** The command that asks this cell `asked` again. */
function againCommand(asked: readonly string[]): string {
  const name = test.info().project.name;
  const planned = plannedCell(plan, name);
  if (planned === undefined) throw new Error(`no cell ${name} planned`);
  return testAgain(planned, asked);
}

test('the kernel boots, and its KVM answers for every register', async ({ cell }) => {
  test.skip(cell.obstacle !== undefined, `cannot run: ${cell.obstacle ?? ''}`);
  if (cell.obstacle !== undefined) return;
  if (plan !== undefined) await attachFiles(plan, test.info());
  if (cell.failure !== undefined) throw withoutExcerpt([cell.failure]);
  expect(cell.judgement.errors).toEqual([]);
  const capabilities = cell.judgement.unexcused.filter(({ check }) => isCapability(check));
  expect(capabilities.map(({ message }) => message)).toEqual([]);
  expect(cell.unneeded).toEqual([]);
});

test('hostile calls are refused, and harm neither the vCPU nor the host', async ({ cell }) => {
  test.skip(plan?.hostile === undefined, 'no hostile calls were asked for');
  test.skip(cell.obstacle !== undefined, `cannot run: ${cell.obstacle ?? ''}`);
  test.skip(cell.failure !== undefined, 'the cell gave no answer; see its first test');
  if (plan?.hostile === undefined || cell.obstacle !== undefined || cell.failure !== undefined)
    return;
  const { excused, unexcused } = cell.judgement;
  for (const { deviation, issue } of excused) {
    if (deviation.check === undefined || stateOfItem(deviation.check) !== undefined) continue;
    test.info().annotations.push({ type: 'known issue', description: issue.id });
  }
  const mine = unexcused.filter(
    ({ check }) => check !== undefined && stateOfItem(check) === undefined && !isCapability(check),
  );
  const { ids, seed } = plan.hostile;
  await throwDeviations(test.info(), mine, () => againCommand([`--hostile=${ids}:${seed}`]));
});

test('what has no row is as it should be', async ({ cell }) => {
  test.skip(plan?.isDeep !== true, 'asked by --deep alone');
  test.skip(cell.obstacle !== undefined, `cannot run: ${cell.obstacle ?? ''}`);
  test.skip(cell.failure !== undefined, 'the cell gave no answer; see its first test');
  if (cell.obstacle !== undefined || cell.failure !== undefined) return;
  const { excused, unexcused, hasBaseline, hasDeepBaseline } = cell.judgement;
  const isOfState = (check: string | undefined): boolean =>
    check !== undefined && stateOfItem(check) !== undefined;
  for (const { deviation, issue } of excused) {
    if (!isOfState(deviation.check)) continue;
    test.info().annotations.push({ type: 'known issue', description: issue.id });
  }
  if (hasBaseline && !hasDeepBaseline) {
    const description = 'no deep answers in the baseline, judged by the standing rules alone';
    test.info().annotations.push({ type: 'baseline', description });
  }
  const mine = unexcused.filter(({ check }) => isOfState(check));
  await throwDeviations(test.info(), mine, () => againCommand(['--deep']));
});

for (const register of registerTable().filter(({ name }) => asked.has(name))) {
  const spr = register.spr === undefined ? '' : ` (SPR ${register.spr})`;
  test(`${register.name}${spr} answers as expected`, async ({ cell }) => {
    test.skip(cell.obstacle !== undefined, `cannot run: ${cell.obstacle ?? ''}`);
    test.skip(cell.failure !== undefined, 'the cell gave no answer; see its first test');
    if (cell.obstacle !== undefined || cell.failure !== undefined) return;
    const { excused, unexcused } = cell.judgement;
    for (const { deviation, issue } of excused) {
      if (deviation.register !== register.name) continue;
      test.info().annotations.push({ type: 'known issue', description: issue.id });
    }
    const mine = unexcused.filter((deviation) => deviation.register === register.name);
    await throwDeviations(test.info(), mine, () => againCommand([`--register=${register.name}`]));
  });
}
