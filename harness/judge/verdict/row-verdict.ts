import type { RegisterRecord } from '../../record/cell-record.js';
import { isAnswered, needsReason } from '../../record/cell-record.js';
import { isIgnored } from '../../record/ignored-access.js';
import type { Deviation, Verdict } from '../deviation.js';
import type { ExplainContext, RowExplanation } from '../explain-row.js';
import { explainRow } from '../explain-row.js';
import type { CellVerdicts } from '../judge-cell.js';
import { deviationsOf } from '../judge-cell.js';
import type { KnownIssue } from '../known-issues.generated.js';
import { applyKnownIssues } from '../known-issues.js';
import type { Rule } from '../rules.js';
import { RULES } from '../rules.js';
import type { Aspect, VerdictKind } from './verdict-kinds.js';
import { ASPECTS, worstOf } from './verdict-kinds.js';

/** What a register in a cell comes to. */
export interface RowVerdict {
  /** The worst of the aspects. */
  readonly kind: VerdictKind;
  readonly aspects: Readonly<Record<Aspect, VerdictKind>>;
  /** The ids of the known issues behind it, in the order of matrix/known-issues.json. */
  readonly issues: readonly string[];
  /** The reasons on record for what it answers (`explainRow`); left out where there is none. */
  readonly reasons?: readonly RowExplanation[];
}

/** What one rule found, and whose it is. */
interface Finding {
  readonly aspect: Aspect;
  readonly kind: VerdictKind;
  readonly issue?: KnownIssue;
}

/**
 * The one verdict of every register of a judged cell (`judgeRecord`, `judgeOwn`, `judgeRun`), by its name: the
 * worst of round trip, guest, isolation and migration, each with whose it is (`VERDICTS`). Page, terminal,
 * Markdown, CSV, badges and counts all show this and nothing of their own. A difference that a rule finds
 * is the cause of the known issue that excuses it; one that no rule judges is explained by design, by
 * configuration or by an issue (`explainRow`); what is left is `unexplained`. What the guest or a migration
 * differs in although the rules leave it to the round trip is the round trip's. The baseline rule counts, so
 * a regression is `unexplained` until somebody says why.
 */
export function rowVerdicts(cell: CellVerdicts, context: ExplainContext): Map<string, RowVerdict> {
  const { excused } = applyKnownIssues(deviationsOf(cell), cell.record, context.issues);
  const excuses = new Map(excused.map(({ deviation, issue }) => [deviation, issue]));
  return new Map(
    Object.entries(cell.record.registers).map(([register, row]) => {
      const { support } = row;
      const reasons = explainRow(cell.record, register, context);
      const verdict = isAnswered(row)
        ? rowVerdict(register, row, { cell, excuses, context, reasons })
        : verdictOf(everyAspect(support === 'error' ? 'error' : 'untested'), []);
      return [register, { ...verdict, ...(reasons.length > 0 ? { reasons } : {}) }];
    }),
  );
}

/** What a row's verdict is made from, besides the row. */
interface VerdictInput {
  readonly cell: CellVerdicts;
  /** The issue of each deviation of the cell that one excuses. */
  readonly excuses: ReadonlyMap<Deviation, KnownIssue>;
  readonly context: ExplainContext;
  readonly reasons: readonly RowExplanation[];
}

function rowVerdict(register: string, row: RegisterRecord, input: VerdictInput): RowVerdict {
  const { cell, excuses, context, reasons } = input;
  const findings = Object.entries(cell.verdicts.get(register) ?? {}).flatMap(([rule, verdict]) =>
    findingOf(rule as Rule, verdict, excuses),
  );
  const explained = explanationOf(row, reasons);
  const roundTrip = worstOf([...kindsOf(findings, 'round-trip'), explained.kind]);
  const guest = lacksRegister(register, row, findings, context)
    ? 'stored'
    : worstOf([...kindsOf(findings, 'guest'), guestKind(row)]);
  const isThere = row.support !== 'absent';
  const aspects = {
    'round-trip': roundTrip,
    guest: isThere ? guest : 'untested',
    isolation: worstOf([...kindsOf(findings, 'isolation'), isThere ? 'works' : 'untested']),
    migration: worstOf([...kindsOf(findings, 'migration'), migrationKind(row, roundTrip, guest)]),
  } as const;
  const ids = new Set([...findings.flatMap(({ issue }) => issue?.id ?? []), ...explained.issues]);
  return verdictOf(
    aspects,
    context.issues.map(({ id }) => id).filter((id) => ids.has(id)),
  );
}

function verdictOf(
  aspects: Readonly<Record<Aspect, VerdictKind>>,
  issues: readonly string[],
): RowVerdict {
  return { kind: worstOf(ASPECTS.map((aspect) => aspects[aspect])), aspects, issues };
}

function everyAspect(kind: VerdictKind): Record<Aspect, VerdictKind> {
  return { 'round-trip': kind, guest: kind, isolation: kind, migration: kind };
}

function kindsOf(findings: readonly Finding[], aspect: Aspect): VerdictKind[] {
  return findings.filter((finding) => finding.aspect === aspect).map(({ kind }) => kind);
}

function findingOf(
  rule: Rule,
  verdict: Verdict,
  excuses: ReadonlyMap<Deviation, KnownIssue>,
): Finding[] {
  const entry = RULES[rule];
  if (entry.about !== 'registers') return [];
  const { aspect } = entry;
  if (verdict === 'emulator') return [{ aspect, kind: 'emulator' }];
  if (typeof verdict === 'string') return [];
  const issue = excuses.get(verdict);
  if (issue === undefined) return [{ aspect, kind: 'unexplained' }];
  return [{ aspect, kind: issue.cause, issue }];
}

/** What the round trip comes to by itself, before the rules: its own reasons say whose it is. */
function explanationOf(
  row: RegisterRecord,
  reasons: readonly RowExplanation[],
): { readonly kind: VerdictKind; readonly issues: readonly string[] } {
  if (row.support === 'exact') return { kind: 'works', issues: [] };
  const issues = reasons.flatMap(({ issue }) => issue ?? []);
  if (row.support === 'absent') {
    // Meant to be absent is what every absent register is; one that was left out could be there.
    const isLeftOut = reasons.length > 0 && reasons.every(({ cause }) => cause === 'configuration');
    return { kind: isLeftOut ? 'configuration' : 'absent', issues };
  }
  if (reasons.length === 0) return { kind: needsReason(row) ? 'unexplained' : 'works', issues };
  return { kind: worstOf(reasons.map(({ cause }) => cause)), issues };
}

function guestKind({ guest }: RegisterRecord): VerdictKind {
  const answers = guest === undefined ? [] : [guest.read.answer, guest.write.answer];
  return answers.includes('agrees') ? 'works' : 'untested';
}

/** Whether the processor has no such register, so that what a guest says of it is nothing against KVM. */
function lacksRegister(
  register: string,
  { guest }: RegisterRecord,
  findings: readonly Finding[],
  { facts }: ExplainContext,
): boolean {
  const ofGuest = findings.filter(({ aspect }) => aspect === 'guest');
  if (ofGuest.length > 0) return ofGuest.every(({ issue }) => issue?.processorLacks === true);
  const access = facts.get(register)?.guest;
  if (access?.by === 'nothing') return access.processorLacks === true;
  return guest !== undefined && isIgnored(guest.read) && isIgnored(guest.write);
}

/** What is not there again, where the rules say no more than round trip and guest do already. */
function migrationKind(
  { migrates }: RegisterRecord,
  roundTrip: VerdictKind,
  guest: VerdictKind,
): VerdictKind {
  if (migrates === undefined || migrates.answer === 'untested') return 'untested';
  if (migrates.answer !== 'kept') return roundTrip;
  const seen = migrates.guest?.answer;
  return seen === undefined || seen === 'agrees' ? 'works' : guest;
}
