import { readFile } from 'node:fs/promises';
import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import type { SprmatrixError } from '../base/error.js';
import { nearestFirst } from '../base/nearest.js';
import { repositoryPath } from '../base/paths.js';
import { isNameSelected } from '../base/selectors.js';
import { isCellSelected } from './cell-selectors.js';
import { parseJson } from '../data/json-text.js';
import type { KernelOfRecord } from '../record/kernel-version.js';
import type { KnownIssue, KnownIssueList } from './known-issues.generated.js';
import { HOSTILE_CHECKS } from '../record/hostile-checks.js';
import { itemName, stateOfItem, STATES } from '../record/states.js';
import type { Deviation } from './deviation.js';
import type { Rule } from './rules.js';
import { RULES } from './rules.js';
import { explainSchemaErrors, fieldPath, invalidFile, showValue } from '../data/schema-faults.js';

export type { KnownIssue };

/** What known issues may name: they are checked against it when it is given. */
export interface KnownNames {
  readonly registers: readonly string[];
  readonly platforms: readonly string[];
}

/** A deviation that is the kernel's own, and the issue that says so. */
export interface ExcusedDeviation {
  readonly deviation: Deviation;
  readonly issue: KnownIssue;
}

let compiled: ValidateFunction<KnownIssueList> | undefined;

/**
 * The issues of a file's text. Errors: `KNOWN_ISSUES_INVALID` names `path`, the issue, the field,
 * the value and what is allowed; so too for an id given twice, and for a register or a platform
 * that `names` does not have.
 */
export function parseKnownIssues(text: string, path: string, names?: KnownNames): KnownIssue[] {
  compiled ??= repositorySchema<KnownIssueList>('known-issues.schema.json');
  const data = parseJson(text, path, 'KNOWN_ISSUES_INVALID');
  if (!compiled(data)) {
    const faults = explainSchemaErrors(compiled.errors ?? [], (parts) => namePlace(parts, data));
    throw issuesInvalid(path, faults);
  }
  const faults = [
    ...repeatedIds(data.issues),
    ...data.issues.flatMap(subjectFaults),
    ...data.issues.flatMap((issue) => (names === undefined ? [] : unknownNames(issue, names))),
  ];
  if (faults.length > 0) throw issuesInvalid(path, faults);
  return data.issues;
}

/** The issues of matrix/known-issues.json, or of another file. Errors: as `parseKnownIssues`. */
export async function readKnownIssues(
  names?: KnownNames,
  path: string = repositoryPath('matrix', 'known-issues.json'),
): Promise<KnownIssue[]> {
  return parseKnownIssues(await readFile(path, 'utf8'), path, names);
}

/** Sorts a cell's deviations into those that an issue excuses and those that fail the cell. */
export function applyKnownIssues(
  deviations: readonly Deviation[],
  cell: KernelOfRecord,
  issues: readonly KnownIssue[],
): { unexcused: Deviation[]; excused: ExcusedDeviation[] } {
  const ofCell = issues.filter((issue) => isIssueOfCell(issue, cell));
  const unexcused: Deviation[] = [];
  const excused: ExcusedDeviation[] = [];
  for (const deviation of deviations) {
    const issue = ofCell.find((candidate) => isExcusedBy(deviation, candidate));
    if (issue === undefined) unexcused.push(deviation);
    else excused.push({ deviation, issue });
  }
  return { unexcused, excused };
}

/** Whether an issue speaks of a cell: of its platform and of its kernel. */
export function isIssueOfCell(issue: KnownIssue, cell: KernelOfRecord): boolean {
  return isCellSelected(issue, cell);
}

/** Whether an issue speaks of a register. */
export function isIssueOfRegister({ registers }: KnownIssue, register: string): boolean {
  return registers?.some((selector) => isNameSelected(selector, register)) === true;
}

/** Whether an issue speaks of a check of the hostile probe, or of an item of a state. */
export function isIssueOfCheck({ checks }: KnownIssue, check: string): boolean {
  return checks?.some((selector) => isNameSelected(selector, check)) === true;
}

/** The registers or the checks that an issue speaks of, as they stand there. */
export function issueSubjects({ registers, checks }: KnownIssue): readonly string[] {
  return registers ?? checks ?? [];
}

/** Whether a rule is about checks of the hostile probe or about states, not about registers. */
export function isCheckRule(rule: Rule): boolean {
  return RULES[rule].about !== 'registers';
}

function isExcusedBy({ rule, register, check }: Deviation, issue: KnownIssue): boolean {
  if (issue.rule !== rule) return false;
  return check === undefined ? isIssueOfRegister(issue, register) : isIssueOfCheck(issue, check);
}

/** An issue names registers or checks, as its rule is about the one or the other. */
function subjectFaults({ id, rule, registers, checks }: KnownIssue): string[] {
  const [wanted, unwanted] = isCheckRule(rule)
    ? (['checks', 'registers'] as const)
    : (['registers', 'checks'] as const);
  const has = { registers: registers !== undefined, checks: checks !== undefined };
  const unknown = (checks ?? []).filter(
    (selector) =>
      stateOfItem(selector) === undefined &&
      !HOSTILE_CHECKS.some((name) => isNameSelected(selector, name)),
  );
  const whole = (checks ?? []).filter((selector) =>
    STATES.some((state) => isNameSelected(selector, itemName(state, 'any.item'))),
  );
  return [
    ...whole.map(
      (selector) =>
        `issue "${id}": checks: ${showValue(selector)} is all of a state: name its items, such as "exits.cede.*"`,
    ),
    ...(has[wanted] ? [] : [`issue "${id}": "${wanted}" is missing; ${rule} is about ${wanted}`]),
    ...(has[unwanted] ? [`issue "${id}": ${unwanted}: ${rule} is about ${wanted}`] : []),
    ...unknown.map((selector) => {
      const nearest = nearestFirst(selector, HOSTILE_CHECKS).slice(0, 5).join(', ');
      return `issue "${id}": checks: no check matches ${showValue(selector)} (nearest first: ${nearest})`;
    }),
  ];
}

function repeatedIds(issues: readonly KnownIssue[]): string[] {
  const ids = issues.map(({ id }) => id);
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `issue "${id}": id: it is given more than once`);
}

function unknownNames(issue: KnownIssue, names: KnownNames): string[] {
  const check = (field: 'registers' | 'platforms', what: string): string[] =>
    (issue[field] ?? [])
      .filter((selector) => !names[field].some((name) => isNameSelected(selector, name)))
      .map((selector) => {
        const nearest = nearestFirst(selector, names[field]).slice(0, 5).join(', ');
        return `issue "${issue.id}": ${field}: no ${what} matches ${showValue(selector)} (nearest first: ${nearest})`;
      });
  return [...check('registers', 'register'), ...check('platforms', 'platform')];
}

function issuesInvalid(path: string, faults: readonly string[]): SprmatrixError {
  return invalidFile('KNOWN_ISSUES_INVALID', `${path}: not valid`, faults, {
    hint: 'matrix/schema/known-issues.schema.json describes the fields',
  });
}

/** `issues/2/rule` as `issue "lpcr-put-ignored": rule`; by number where it has no id. */
function namePlace(parts: readonly string[], data: unknown): string {
  const [first, index, ...fields] = parts;
  if (first !== 'issues' || index === undefined)
    return parts.length === 0 ? 'the file' : fieldPath(parts);
  const id = idAt(data, Number(index));
  const issue = id === undefined ? `issue ${Number(index) + 1}` : `issue ${showValue(id)}`;
  return fields.length === 0 ? issue : `${issue}: ${fieldPath(fields)}`;
}

function idAt(data: unknown, index: number): unknown {
  const { issues } = data as { issues?: unknown };
  const issue: unknown = Array.isArray(issues) ? issues[index] : undefined;
  return typeof issue === 'object' && issue !== null && 'id' in issue ? issue.id : undefined;
}
