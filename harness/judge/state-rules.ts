import type { CellRecord } from '../record/cell-record.js';
import { messagesOf } from './deviation.js';
import { cellName } from '../record/cell-name.js';
import type { StateName } from '../record/states.js';
import { changedItems, isAsked, itemName, STATES } from '../record/states.js';
import type { CheckDeviation, Verdict } from './deviation.js';
import type { Rule } from './known-issues.generated.js';

/** What rules say of states, by a state's name and by the full name of each of its items. */
export type StateVerdicts = Map<string, Partial<Record<Rule, Verdict>>>;

/**
 * Judges the states of a record by `rules`, which has the rule of each. A state as a whole keeps its rule
 * where it was asked; each item that is not as it should be breaks it. `standing` has what is on record
 * where `record` asked nothing. The baseline is compared item by item.
 */
export function judgeStates(
  record: CellRecord,
  standing: CellRecord,
  baseline: CellRecord | undefined,
  rules: Readonly<Record<StateName, Rule>>,
): StateVerdicts {
  const verdicts: StateVerdicts = new Map();
  for (const name of STATES) {
    const state = standing.states?.[name];
    const rule = rules[name];
    verdicts.set(name, { [rule]: isAsked(state) ? 'kept' : 'not asked' });
    for (const [item, expected] of Object.entries(state?.faults ?? {})) {
      const actual = state?.answers[item] ?? 'nothing';
      const full = itemName(name, item);
      verdicts.set(full, { [rule]: stateDeviation(record, full, rule, { expected, actual }) });
    }
    judgeStateByBaseline(record, name, baseline, verdicts);
  }
  return verdicts;
}

function judgeStateByBaseline(
  record: CellRecord,
  name: StateName,
  baseline: CellRecord | undefined,
  verdicts: StateVerdicts,
): void {
  const [mine, theirs] = [record.states?.[name], baseline?.states?.[name]];
  if (!isAsked(mine) || !isAsked(theirs)) return;
  for (const { item, a, b } of changedItems(theirs, mine)) {
    const full = itemName(name, item);
    const found = { expected: a ?? 'no such item', actual: b ?? 'no such item' };
    verdicts.set(full, {
      ...verdicts.get(full),
      baseline: stateDeviation(record, full, 'baseline', found),
    });
  }
}

function stateDeviation(
  record: CellRecord,
  check: string,
  rule: Rule,
  { expected, actual }: { readonly expected: string; readonly actual: string },
): CheckDeviation {
  return {
    check,
    rule,
    expected,
    actual,
    ...messagesOf(
      `${check} on ${cellName(record.cell)}`,
      `expected ${expected}, got ${actual} [${rule}]`,
    ),
  };
}
