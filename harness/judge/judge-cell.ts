import { readBaselines } from './baseline.js';
import { isConfiguredWithout } from './configured-without.js';
import type { RegisterFacts } from '../record/register-facts.js';
import { readRegisterFacts } from '../record/register-facts.js';
import type { CellRecord } from '../record/cell-record.js';
import { fillUntested, isSameCell, registersOf, withNothingAsked } from '../record/cell-record.js';
import type { ExcusedDeviation } from './known-issues.js';
import {
  applyKnownIssues,
  isCheckRule,
  isIssueOfCheck,
  isIssueOfRegister,
  readKnownIssues,
} from './known-issues.js';
import type { KnownIssue } from './known-issues.generated.js';
import { olderRecords } from '../record/kernel-version.js';
import type { Deviation, Verdict } from './deviation.js';
import { HOSTILE_CHECKS } from '../record/hostile-checks.js';
import type { EmulatorSubject } from '../record/emulator-difference.js';
import { partOf, withDifference } from '../record/emulator-difference.js';
import { emulatorsShare, underQemuOf } from './emulator/under-qemu.js';
import type { Rule, RuleVerdicts } from './rules.js';
import { judgeCheck, judgeRow, RULES, STATE_RULES } from './rules.js';
import { judgeCapabilities } from './capability-rules.js';
import { judgeStates } from './state-rules.js';

/** What a record is judged by, besides itself. */
export interface JudgeContext {
  /** The record's own baseline, if there is one. */
  readonly baseline?: CellRecord | undefined;
  /** Baselines of other kernels on the platform, for "since". */
  readonly baselines?: readonly CellRecord[];
  /** What older kernels answered: records of this run or baselines; others in it do no harm. */
  readonly older?: readonly CellRecord[];
  /** What rows that were not asked answered earlier: the standing rules judge that. */
  readonly earlier?: CellRecord | undefined;
}

/** Every rule's verdict on every register and every hostile check of a record. */
export interface CellVerdicts {
  readonly record: CellRecord;
  /** By register, by rule. */
  readonly verdicts: ReadonlyMap<string, RuleVerdicts>;
  /** By capability that differs, by hostile check and by item of a state, by rule. */
  readonly checks: ReadonlyMap<string, RuleVerdicts>;
}

/** A record's verdict: what fails the cell, what a known issue excuses, what the harness failed at. */
export interface CellJudgement {
  readonly record: CellRecord;
  readonly hasBaseline: boolean;
  /** Whether what a deep record has besides rows and checks was compared; true of one that is not deep. */
  readonly hasDeepBaseline: boolean;
  readonly unexcused: readonly Deviation[];
  readonly excused: readonly ExcusedDeviation[];
  /** Registers that a user's own kernel is configured without: no older kernel says that it must have them. */
  readonly configured: readonly string[];
  /** Registers whose row is `error`: a harness error, never a deviation. */
  readonly errors: readonly string[];
}

/**
 * Judges every register by the baseline, and by the standing rules whether or not there is a
 * baseline: what a standing rule finds needs a known issue even if it is on record.
 */
export function judgeRecord(record: CellRecord, context: JudgeContext): CellVerdicts {
  const { baseline, baselines = [] } = context;
  const onRecord = baseline === undefined ? baselines : [baseline, ...baselines];
  const found = judgeUnder(record, context, underQemuOf(record, onRecord));
  const share = emulatorsShare(record, baseline, onRecord);
  if (share.reference === undefined || share.subjects.length === 0) return found;
  const { reference, subjects } = share;
  const asOnRecord = judgeUnder(withSubjectsOf(record, reference, subjects), context);
  return withoutEmulators(found, asOnRecord, subjects);
}

/** Judges a record; every baseline is read by `under`. */
function judgeUnder(
  record: CellRecord,
  context: JudgeContext,
  under: (baseline: CellRecord) => CellRecord = (baseline) => baseline,
): CellVerdicts {
  const baseline = context.baseline && under(context.baseline);
  const earlier = context.earlier && under(context.earlier);
  const baselines = (context.baselines ?? []).map(under);
  const nearestOlder = olderRecords(record, context.older ?? []).map(under);
  const standing = earlier === undefined ? record : fillUntested(record, earlier);
  const compared = { baseline, baselines, older: nearestOlder };
  const verdicts = new Map(
    Object.entries(standing.registers).map(([register, row]) => {
      const judged = { record, register, row };
      const asked = { ...judged, row: record.registers[register] ?? row };
      return [register, judgeRow({ asked, standing: judged, ...compared })] as const;
    }),
  );
  const checks = new Map<string, RuleVerdicts>(
    HOSTILE_CHECKS.map((name) => {
      const judged = { record: standing, name, check: standing.hostile?.checks[name] };
      const asked = { record, name, check: record.hostile?.checks[name] };
      return [name, judgeCheck({ asked, standing: judged, baseline })] as const;
    }),
  );
  const states = judgeStates(record, standing, baseline, STATE_RULES);
  return {
    record,
    verdicts,
    checks: new Map<string, RuleVerdicts>([
      ...judgeCapabilities(record, baseline),
      ...checks,
      ...states,
    ]),
  };
}

/** `record` with what `reference` answers for some subjects. */
function withSubjectsOf(
  record: CellRecord,
  reference: CellRecord,
  subjects: readonly EmulatorSubject[],
): CellRecord {
  const names = new Set(subjects.map(subjectKey));
  const all = { registers: reference.registers, checks: reference.hostile?.checks ?? {} };
  return withDifference(
    record,
    partOf(all, (subject) => names.has(subjectKey(subject))),
  );
}

/**
 * Verdicts without those that only the emulator brings about: of its subjects, the ones that are not the
 * same on record. The baseline's are left: it was read as this emulator gives it.
 */
function withoutEmulators(
  found: CellVerdicts,
  asOnRecord: CellVerdicts,
  subjects: readonly EmulatorSubject[],
): CellVerdicts {
  const names = new Set(subjects.map(subjectKey));
  const mend = <Name extends string>(
    kind: 'registers' | 'checks',
    verdicts: ReadonlyMap<Name, RuleVerdicts>,
    others: ReadonlyMap<Name, RuleVerdicts>,
  ): ReadonlyMap<Name, RuleVerdicts> =>
    new Map(
      [...verdicts].map(([name, byRule]) => {
        const other = others.get(name);
        if (other === undefined || !names.has(`${kind} ${name}`)) return [name, byRule] as const;
        const mended = Object.entries<Verdict>(byRule).map(([rule, verdict]): [string, Verdict] => {
          const isSame = typeof verdict === typeof other[rule as Rule];
          return [rule, rule === 'baseline' || isSame ? verdict : 'emulator'];
        });
        return [name, Object.fromEntries(mended)] as const;
      }),
    );
  return {
    record: found.record,
    verdicts: mend('registers', found.verdicts, asOnRecord.verdicts),
    checks: mend('checks', found.checks, asOnRecord.checks),
  };
}

const subjectKey = ({ kind, name }: EmulatorSubject): string => `${kind} ${name}`;

/** The deviations among verdicts, in the order of registers, then of checks. */
export function deviationsOf({ verdicts, checks }: CellVerdicts): Deviation[] {
  return [...verdicts.values(), ...checks.values()]
    .flatMap((byRule) => Object.values<Verdict>(byRule))
    .filter((verdict) => typeof verdict === 'object');
}

/** What the rule of an issue says of its registers, or of its checks, in a cell. */
export function issueVerdicts(issue: KnownIssue, { verdicts, checks }: CellVerdicts): Verdict[] {
  const ofIssue = isCheckRule(issue.rule)
    ? [...checks].filter(([check]) => isIssueOfCheck(issue, check) || isStateOf(issue.rule, check))
    : [...verdicts].filter(([register]) => isIssueOfRegister(issue, register));
  return ofIssue.flatMap(([, byRule]) => byRule[issue.rule] ?? []);
}

/** Whether a name is that of the state that a rule is about: what it says of that holds of items that nothing is wrong with. */
function isStateOf(rule: Rule, name: string): boolean {
  const judged = RULES[rule];
  return judged.about === 'states' && judged.state === name;
}

/** Every deviation of a record from its baseline and from the standing rules. */
export function findDeviations(record: CellRecord, context: JudgeContext): Deviation[] {
  return deviationsOf(judgeRecord(record, context));
}

/**
 * Verdicts for the end of a run, for `unneededIssues`: of every record of `run`, and of every
 * baseline of a cell that was not run, as if it had been run and nothing asked. The standing rules
 * judge rows that were not asked as they are on record; the baseline rule does not judge them.
 */
export function judgeRun(
  run: readonly CellRecord[],
  baselines: readonly CellRecord[],
): CellVerdicts[] {
  const older = olderCandidates(run, baselines);
  return [
    ...judgeOwn(run, baselines, older),
    ...cellsNotRun(run, baselines).map((baseline) =>
      judgeRecord(withNothingAsked(baseline), { baseline, baselines, older, earlier: baseline }),
    ),
  ];
}

/** The part of `judgeRun` that is of the records of `run`. */
export function judgeOwn(
  run: readonly CellRecord[],
  baselines: readonly CellRecord[],
  older = olderCandidates(run, baselines),
): CellVerdicts[] {
  return run.map((record) => {
    const baseline = baselineFor(record, baselines);
    return judgeRecord(record, { baseline, baselines, older, earlier: baseline });
  });
}

/**
 * The baseline of a record: that of its cell, or, for a kernel that was given as a file, that of the same image
 * on the same platform, whatever its id.
 */
export function baselineFor(
  record: CellRecord,
  baselines: readonly CellRecord[],
): CellRecord | undefined {
  const { kernel, cell } = record;
  return (
    baselines.find((candidate) => isSameCell(candidate, record)) ??
    baselines.find(
      (candidate) =>
        cell.kernel.startsWith('file-') &&
        candidate.cell.platform === cell.platform &&
        candidate.kernel.sha256 === kernel.sha256,
    )
  );
}

function cellsNotRun(
  run: readonly CellRecord[],
  baselines: readonly CellRecord[],
): readonly CellRecord[] {
  return baselines.filter((baseline) => !run.some((record) => isSameCell(record, baseline)));
}

/** What older kernels answered: the run's records, with what is on record where nothing was asked, and the rest. */
function olderCandidates(
  run: readonly CellRecord[],
  baselines: readonly CellRecord[],
): readonly CellRecord[] {
  const filled = run.map((record) => {
    const baseline = baselineFor(record, baselines);
    return baseline === undefined ? record : fillUntested(record, baseline);
  });
  return [...filled, ...cellsNotRun(run, baselines)];
}

/**
 * A record judged by the repository's baselines and known issues. Older kernels are
 * those of the baselines first, so that a verdict does not depend on what else runs.
 * Errors: `RECORD_INVALID` for a baseline, `KNOWN_ISSUES_INVALID`.
 */
export async function judgeCell(
  record: CellRecord,
  options: {
    readonly baselines?: readonly CellRecord[];
    readonly issues?: readonly KnownIssue[];
    readonly facts?: RegisterFacts;
    /** Records of this run: they count for the older kernels that have no baseline. */
    readonly run?: readonly CellRecord[];
  } = {},
): Promise<CellJudgement> {
  const baselines = options.baselines ?? (await readBaselines());
  const issues = options.issues ?? (await readKnownIssues());
  const baseline = baselineFor(record, baselines);
  const older = [
    ...baselines,
    ...(options.run ?? []).filter((other) => !baselines.some((known) => isSameCell(known, other))),
  ];
  const facts = options.facts ?? (await readRegisterFacts());
  const isConfigured = (deviation: Deviation): boolean =>
    isConfiguredWithout(deviation, record, facts);
  const found = findDeviations(record, { baseline, baselines, older });
  const deviations = found.filter((deviation) => !isConfigured(deviation));
  return {
    record,
    hasBaseline: baseline !== undefined,
    hasDeepBaseline: record.deep !== true || baseline?.deep === true,
    ...applyKnownIssues(deviations, record, issues),
    configured: found.filter(isConfigured).flatMap(({ register }) => register ?? []),
    errors: registersOf(record, 'error'),
  };
}
