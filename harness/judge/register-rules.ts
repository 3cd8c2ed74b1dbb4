import type { CellRecord, RegisterRecord, Support } from '../record/cell-record.js';
import { isAnswered } from '../record/cell-record.js';
import { cellName } from '../record/cell-name.js';
import {
  answerText,
  guestAnswerText,
  guestCheckText,
  savedAgainText,
} from '../record/answer-text.js';
import { changedFields, fieldPhrase } from '../record/compare-rows.js';
import { compareKernels } from '../record/kernel-version.js';
import type { GuestAnswer } from '../record/record.generated.js';
import type { JudgedRow, Verdict } from './deviation.js';
import { rowDeviation } from './deviation.js';

/**
 * baseline: the row is the one on record. `baselines` are the platform's, of all kernels, for the
 * "since"; a difference in the wording of notes is none.
 */
export function judgeByBaseline(
  judged: JudgedRow,
  baseline: CellRecord | undefined,
  baselines: readonly CellRecord[],
): Verdict {
  const { record, register, row } = judged;
  if (!isAnswered(row)) return 'not asked';
  if (baseline === undefined) return 'no comparison';
  const expectedRow = baseline.registers[register];
  if (expectedRow === undefined) {
    return rowDeviation(judged, 'baseline', {
      expected: 'no such register (the baseline is older than it)',
      actual: answerText(row),
      hint: `record it with --update-baseline`,
    });
  }
  const { support: onRecordAs } = expectedRow;
  if (!isAnswered(expectedRow)) {
    return rowDeviation(judged, 'baseline', {
      expected: `an answer on record (the baseline has none: ${onRecordAs})`,
      actual: answerText(row),
      hint: `record it with --update-baseline`,
    });
  }
  const changes = changedFields(expectedRow, row);
  if (changes.length === 0) return 'kept';
  const onRecord = [
    baseline,
    ...baselines.filter((other) => cellName(other.cell) !== cellName(record.cell)),
  ];
  return rowDeviation(judged, 'baseline', {
    expected: fieldPhrase(changes, 'a'),
    actual: fieldPhrase(changes, 'b'),
    support: expectedRow.support,
    since: supportedSince(register, expectedRow.support, baseline, onRecord),
    hint: emulatorHint(record, baseline),
  });
}

/** The emulator is part of what answers: a baseline of another QEMU may differ for that alone. */
function emulatorHint({ machine }: CellRecord, baseline: CellRecord): string | undefined {
  return machine.qemu === baseline.machine.qemu
    ? undefined
    : `the baseline is of QEMU ${baseline.machine.qemu}, this record of ${machine.qemu}`;
}

/**
 * monotonic: what an older kernel has on this platform, a newer one has too: it is not `absent`,
 * and not `lost` unless it was. `older` is nearest first (`olderRecords`); the first that has an
 * answer for the register counts.
 */
export function judgeMonotonic(judged: JudgedRow, older: readonly CellRecord[]): Verdict {
  const { register, row } = judged;
  if (!isAnswered(row)) return 'not asked';
  const before = older.find((candidate) => isAnswered(candidate.registers[register]));
  const rowBefore = before?.registers[register];
  if (before === undefined || rowBefore === undefined) return 'no comparison';
  if (degreeOf(row) >= degreeOf(rowBefore)) return 'kept';
  return rowDeviation(judged, 'monotonic', {
    expected: `not ${row.support}, because ${before.cell.kernel} has it`,
    actual: answerText(row),
    support: rowBefore.support,
    since: supportedSince(register, rowBefore.support, before, older),
  });
}

/** put-back: the value that was just got is accepted back. */
export function judgePutBack(judged: JudgedRow): Verdict {
  const { get, put } = judged.row;
  if (!isAnswered(judged.row) || put === null) return 'not asked';
  if (get !== 'ok' || put === 'ok') return 'kept';
  return rowDeviation(judged, 'put-back', {
    expected: 'put ok for the value just got',
    actual: `put ${put}`,
  });
}

const ABSENT_ERRNOS: readonly (string | null)[] = ['EINVAL', 'ENXIO'];

/** absent-errno: a register that is absent answers EINVAL or ENXIO in both directions. */
export function judgeAbsentErrno(judged: JudgedRow): Verdict {
  const { support, get, put } = judged.row;
  if (!isAnswered(judged.row)) return 'not asked';
  if (support !== 'absent') return 'kept';
  if (ABSENT_ERRNOS.includes(get) && ABSENT_ERRNOS.includes(put)) return 'kept';
  return rowDeviation(judged, 'absent-errno', {
    expected: 'EINVAL or ENXIO of an absent register',
    actual: get === put ? String(get) : `get ${String(get)}, put ${String(put)}`,
  });
}

/** put-lost: a put that succeeds moves at least one bit. */
export function judgePutLost(judged: JudgedRow): Verdict {
  if (!isAnswered(judged.row)) return 'not asked';
  if (judged.row.support !== 'lost') return 'kept';
  return rowDeviation(judged, 'put-lost', {
    expected: 'some bit to follow a put that succeeds',
    actual: `success and still ${judged.row.reset ?? 'its own value'}`,
  });
}

/** isolated: a put changes no other register, and a get answers with no other's value. */
export function judgeIsolated(judged: JudgedRow): Verdict {
  const { row } = judged;
  if (!isAnswered(row)) return 'not asked';
  const others = [
    ...(row.victims === undefined ? [] : [`a put changes ${row.victims.join(' and ')}`]),
    ...(row.aliases === undefined ? [] : [`a get answers with ${row.aliases.join(' and ')}`]),
  ];
  if (others.length === 0) return 'kept';
  return rowDeviation(judged, 'isolated', {
    expected: 'a register of its own',
    actual: others.join(', '),
  });
}

/**
 * guest-agrees: a guest reads what ONE_REG put, and ONE_REG gets what a guest wrote; no access that
 * the register's facts call possible traps or stops the guest.
 */
export function judgeGuest(judged: JudgedRow): Verdict {
  const { guest } = judged.row;
  if (!isAnswered(judged.row)) return 'not asked';
  if (guest === undefined) return 'no comparison';
  const texts = (['read', 'write'] as const)
    .filter((direction) => !isAgreement(guest[direction]))
    .map((direction) => `${direction} ${guestAnswerText(guest[direction])}`);
  if (texts.length === 0) return 'kept';
  return rowDeviation(judged, 'guest-agrees', {
    expected: 'KVM and its guest to agree',
    actual: texts.join(', '),
  });
}

function isAgreement({ answer }: GuestAnswer): boolean {
  return answer === 'agrees' || answer === 'not-accessible';
}

/**
 * migrates: what was saved of a register is there again on the vCPU that it is put to, and the guest
 * reads there what it read before. What put-back, put-lost and guest-agrees say is not said again.
 */
export function judgeMigration(judged: JudgedRow): Verdict {
  const { row } = judged;
  if (row.support === 'absent') return 'kept';
  // A record may be older than the probe: it says nothing, and an issue may still be needed there.
  if (!isAnswered(row) || row.migrates === undefined) return 'not asked';
  if (judgePutLost(judged) !== 'kept' || judgePutBack(judged) !== 'kept') return 'kept';
  const { guest, ...saved } = row.migrates;
  const isSeen = guest === undefined || guest.answer === 'agrees';
  const texts = [
    ...(saved.answer === 'changed' || saved.answer === 'refused' ? [savedAgainText(saved)] : []),
    ...(isSeen || typeof judgeGuest(judged) === 'object'
      ? []
      : [`the guest ${guestCheckText(guest)}`]),
  ];
  if (texts.length === 0) return 'kept';
  return rowDeviation(judged, 'migrates', {
    expected: 'a saved value to be there when it is restored',
    actual: texts.join(', '),
  });
}

/** How much of a register there is: a newer kernel may have more, not less. */
function degreeOf({ support }: RegisterRecord): number {
  return support === 'absent' ? 0 : support === 'lost' ? 1 : 2;
}

/**
 * The oldest kernel from which on, up to `from` and without a gap, all of `records` on its
 * platform and with its page size have `support` for the register.
 */
function supportedSince(
  register: string,
  support: Support,
  from: CellRecord,
  records: readonly CellRecord[],
): string {
  const before = records
    .filter(
      (other) =>
        other.cell.platform === from.cell.platform &&
        other.kernel.pageSize === from.kernel.pageSize &&
        compareKernels(other, from) < 0,
    )
    .sort((a, b) => compareKernels(b, a));
  let since = from;
  for (const other of before) {
    if (other.registers[register]?.support !== support) break;
    since = other;
  }
  return since.cell.kernel;
}
