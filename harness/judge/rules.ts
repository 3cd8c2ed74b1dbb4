import type { CellRecord, Support } from '../record/cell-record.js';
import {
  judgeCheckByBaseline,
  judgeHostileRefused,
  judgeHostileSurvived,
  judgeLogClean,
} from './check-rules.js';
import type { JudgedCheck, JudgedRow, Verdict } from './deviation.js';
import type { StateName } from '../record/states.js';
import type { Rule } from './known-issues.generated.js';
import type { Aspect } from './verdict/verdict-kinds.js';
import {
  judgeAbsentErrno,
  judgeByBaseline,
  judgeGuest,
  judgeIsolated,
  judgeMigration,
  judgeMonotonic,
  judgePutBack,
  judgePutLost,
} from './register-rules.js';

export type { Rule };

/** What records are compared with. */
interface Compared {
  /** The record's own baseline, if there is one. */
  readonly baseline: CellRecord | undefined;
  /** Baselines of other kernels on the platform, for "since". */
  readonly baselines: readonly CellRecord[];
  /** What older kernels answered, nearest first. */
  readonly older: readonly CellRecord[];
}

/** A row that rules judge. */
interface RowCase extends Compared {
  /** As this run asked it. */
  readonly asked: JudgedRow;
  /** As it stands: what was not asked is as it is on record. */
  readonly standing: JudgedRow;
}

/** A check of the hostile probe that rules judge. */
interface CheckCase extends Pick<Compared, 'baseline'> {
  readonly asked: JudgedCheck;
  readonly standing: JudgedCheck;
}

interface AnyRule {
  /** What holds of what it is about, as docs/rules.md lists it. */
  readonly says: string;
  readonly judgeCheck?: (judged: CheckCase) => Verdict;
}

/** A rule whose known issues name registers. The baseline is also about checks. */
interface RegisterRule extends AnyRule {
  readonly about: 'registers';
  readonly judge: (judged: RowCase) => Verdict;
  /** What of a register it is about: a verdict is the worst of these. */
  readonly aspect: Aspect;
  /** The answer of a row that breaks it, so that a known issue with this rule explains the row. */
  readonly brokenBy?: Support;
  /** Whether its known issues say why a guest loses a register that migrates. */
  readonly isLoss?: true;
}

/** A rule whose known issues name checks of the hostile probe. */
interface CheckRule extends AnyRule {
  readonly about: 'checks';
  readonly judgeCheck: (judged: CheckCase) => Verdict;
}

/** A rule whose known issues name items of a state, with dots: `exits.cede.AMR`. */
interface StateRule extends AnyRule {
  readonly about: 'states';
  readonly state: StateName;
}

/**
 * The rules that a cell is judged by, in the order in which deviations are reported. The names are
 * those of matrix/schema/known-issues.schema.json, so that the compiler asks for an entry of each;
 * whatever else lists rules (the feed's schema, docs/rules.md, Allure's categories) is made from this
 * table or tested against it.
 */
export const RULES: Readonly<Record<Rule, RegisterRule | CheckRule | StateRule>> = {
  baseline: {
    about: 'registers',
    aspect: 'round-trip',
    says: 'a register, a hostile check, or a state answers as its baseline says',
    judge: ({ asked, baseline, baselines }) => judgeByBaseline(asked, baseline, baselines),
    judgeCheck: ({ asked, baseline }) => judgeCheckByBaseline(asked, baseline),
  },
  monotonic: {
    about: 'registers',
    aspect: 'round-trip',
    says: 'a register that an older kernel has on the same platform is there, and its puts are not lost',
    judge: ({ standing, older }) => judgeMonotonic(standing, older),
    isLoss: true,
  },
  'put-back': {
    about: 'registers',
    aspect: 'round-trip',
    says: 'the value that was just got is accepted back',
    judge: ({ standing }) => judgePutBack(standing),
    brokenBy: 'get-only',
  },
  'absent-errno': {
    about: 'registers',
    aspect: 'round-trip',
    says: 'a register that is absent answers EINVAL or ENXIO',
    judge: ({ standing }) => judgeAbsentErrno(standing),
  },
  'put-lost': {
    about: 'registers',
    aspect: 'round-trip',
    says: 'a put that succeeds changes at least one bit',
    judge: ({ standing }) => judgePutLost(standing),
    brokenBy: 'lost',
    isLoss: true,
  },
  isolated: {
    about: 'registers',
    aspect: 'isolation',
    says: 'a put changes no other register, and a get does not answer with the value of another',
    judge: ({ standing }) => judgeIsolated(standing),
    brokenBy: 'aliased',
    isLoss: true,
  },
  'guest-agrees': {
    about: 'registers',
    aspect: 'guest',
    says: 'the guest reads what was put, and KVM gets what the guest wrote',
    judge: ({ standing }) => judgeGuest(standing),
    isLoss: true,
  },
  migrates: {
    about: 'registers',
    aspect: 'migration',
    says: 'what is saved of a guest is there when it is restored',
    judge: ({ standing }) => judgeMigration(standing),
    isLoss: true,
  },
  'hostile-refused': {
    about: 'checks',
    says: 'a hostile call is refused, with the errno that it must have',
    judgeCheck: ({ standing }) => judgeHostileRefused(standing),
  },
  'hostile-survived': {
    about: 'checks',
    says: 'the host survives hostile calls',
    judgeCheck: ({ standing }) => judgeHostileSurvived(standing),
  },
  'log-clean': {
    about: 'checks',
    says: "the kernel's log has no warning after hostile calls, but for being late",
    judgeCheck: ({ standing }) => judgeLogClean(standing),
  },
  'host-facts-sound': {
    about: 'states',
    state: 'host-facts',
    says: 'what KVM says of the processor is whole: a behaviour that is set is within its mask',
  },
  'compat-runs': {
    about: 'states',
    state: 'arch-compat',
    says: 'a compatibility level that a put of ARCH_COMPAT accepts is got again, and a guest runs in it',
  },
  'exits-kept': {
    about: 'states',
    state: 'exits',
    says: 'what a guest wrote is there after every kind of exit and interrupt, and what it cannot write too',
  },
  'no-id': {
    about: 'states',
    state: 'spr-scan',
    says: 'an SPR that a guest writes and keeps is not lost in a migration for want of an id',
  },
  'sregs-kept': {
    about: 'states',
    state: 'sregs',
    says: 'what KVM_SET_REGS and KVM_SET_SREGS put is got again, read by the guest, and migrates',
  },
  'controllers-kept': {
    about: 'states',
    state: 'interrupts',
    says: 'an interrupt controller in the kernel, and an interrupt pending in it, are there after a restore',
  },
  'time-kept': {
    about: 'states',
    state: 'time',
    says: 'after a restore the timebase goes on, and the decrementer interrupts when due, and once',
  },
  'watchpoints-hit': {
    about: 'states',
    state: 'watchpoints',
    says: 'a watchpoint or breakpoint that was put hits in the guest, and nothing else does',
  },
  'doorbells-arrive': {
    about: 'states',
    state: 'doorbells',
    says: 'a doorbell reaches the thread that it is for, also after a restore',
  },
  'nothing-leaks': {
    about: 'states',
    state: 'leaks',
    says: 'calls, and VMs that are destroyed, leave nothing in the kernel',
  },
  'vcpus-apart': {
    about: 'states',
    state: 'vcpus',
    says: 'a put to one vCPU is there, before and after it has run, its guest has it, and no other vCPU changes',
  },
  'get-quiet': {
    about: 'states',
    state: 'gets',
    says: 'a get changes no register, and nothing that KVM_GET_REGS and KVM_GET_SREGS answer',
  },
  'values-isolated': {
    about: 'states',
    state: 'put-values',
    says: 'a put of zero, of all ones, or of a single bit, and a get that finds it, changes no other register',
  },
  'refused-kept': {
    about: 'states',
    state: 'refused-puts',
    says: 'a put that is refused leaves every value as it was',
  },
  'order-free': {
    about: 'states',
    state: 'orders',
    says: 'a restore ends the same in every order',
  },
  'paths-agree': {
    about: 'states',
    state: 'paths',
    says: 'a register is the same by each of its ids, and by KVM_GET_REGS; a put of a part leaves the rest',
  },
  'setters-kept': {
    about: 'states',
    state: 'setters',
    says: "a VMM's other calls leave what ONE_REG put, and a put after them is there",
  },
  'memory-kept': {
    about: 'states',
    state: 'memory',
    says: 'a get writes its size and no byte behind, one that is refused none, and a put reads none behind',
  },
  'sizes-refused': {
    about: 'states',
    state: 'wrong-sizes',
    says: 'the index of a register is refused in every size that is not its own, and changes nothing',
  },
  'log-quiet': {
    about: 'states',
    state: 'kernel-log',
    says: "no batch of calls, and no call of a register, leaves a warning in the kernel's log",
  },
};

/** The rule of each state. */
export const STATE_RULES = Object.fromEntries(
  (Object.entries(RULES) as [Rule, (typeof RULES)[Rule]][]).flatMap(([name, rule]) =>
    rule.about === 'states' ? [[rule.state, name]] : [],
  ),
) as Readonly<Record<StateName, Rule>>;

/** The names of the rules, in the order of `RULES`. */
export const RULE_NAMES = Object.keys(RULES) as readonly Rule[];

/** What each rule says of a row, by rule; none of rules that are about checks alone. */
export type RuleVerdicts = Readonly<Partial<Record<Rule, Verdict>>>;

/** The verdict of every rule about registers on a row. */
export function judgeRow(judged: RowCase): RuleVerdicts {
  const verdicts: Partial<Record<Rule, Verdict>> = {};
  for (const name of RULE_NAMES) {
    const rule = RULES[name];
    if (rule.about === 'registers') verdicts[name] = rule.judge(judged);
  }
  return verdicts;
}

/** The verdict of every rule about checks on a check. */
export function judgeCheck(judged: CheckCase): RuleVerdicts {
  const verdicts: Partial<Record<Rule, Verdict>> = {};
  for (const name of RULE_NAMES) {
    const verdict = RULES[name].judgeCheck?.(judged);
    if (verdict !== undefined) verdicts[name] = verdict;
  }
  return verdicts;
}
