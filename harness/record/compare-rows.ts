import type { RegisterRecord } from './cell-record.js';
import type { GuestAnswer, GuestCheck, Migration } from './record.generated.js';

/** A field of a row; `note` is left out, because its wording is no answer of the kernel. */
export type RowField = Exclude<keyof RegisterRecord, 'note'>;

/** The fields that rows are compared by, those that say most first. */
export const COMPARED_FIELDS = [
  'support',
  'get',
  'put',
  'reset',
  'writable',
  'refused',
  'aliases',
  'victims',
  'guest',
  'migrates',
  'id',
  'size',
  'spr',
  'group',
] as const satisfies readonly RowField[];

/** A field in which two rows differ, with both values as people read them. */
export interface FieldChange {
  readonly field: RowField;
  readonly a: string;
  readonly b: string;
}

/**
 * The fields in which two rows of one register differ, in the order of `COMPARED_FIELDS`. Records that
 * are older than the migration probe say nothing of it, and are compared in all else.
 */
export function changedFields(a: RegisterRecord, b: RegisterRecord): FieldChange[] {
  const isMigrationKnown = a.migrates !== undefined && b.migrates !== undefined;
  return COMPARED_FIELDS.filter((field) => field !== 'migrates' || isMigrationKnown)
    .map((field) => ({ field, a: fieldText(a, field), b: fieldText(b, field) }))
    .filter((change) => change.a !== change.b);
}

/** One field as people read it: `none` stands for null, an empty list, and a field not there. */
export function fieldText(row: RegisterRecord, field: RowField): string {
  if (field === 'refused') {
    const refusals = row.refused.map(
      ({ errno, value, bits }) => `${errno} for ${value} (single bits ${bits})`,
    );
    return refusals.length === 0 ? 'none' : refusals.sort().join(' and ');
  }
  if (field === 'aliases' || field === 'victims') {
    return row[field]?.toSorted().join(' and ') ?? 'none';
  }
  if (field === 'guest') {
    const { guest } = row;
    return guest === undefined
      ? 'none'
      : `read ${guestAnswerText(guest.read)}, write ${guestAnswerText(guest.write)}`;
  }
  if (field === 'migrates') {
    return row.migrates === undefined ? 'none' : migrationText(row.migrates);
  }
  return row[field] === null ? 'none' : String(row[field]);
}

/** Fields as one phrase: "exact, get ok, writable 0x0f": `support` stands without its name. */
export function fieldPhrase(changes: readonly FieldChange[], side: 'a' | 'b'): string {
  return changes
    .map((change) =>
      change.field === 'support' ? change[side] : `${change.field} ${change[side]}`,
    )
    .join(', ');
}

/** What a row answers in short: "exact", "absent (EINVAL)", "absent (get EINVAL, put ENXIO)". */
export function answerText({ support, get, put }: RegisterRecord): string {
  if (support !== 'absent') return support;
  return get === put
    ? `absent (${get ?? 'no errno'})`
    : `absent (get ${get ?? 'not asked'}, put ${put ?? 'not asked'})`;
}

/** A guest's answer as people read it: "agrees", "traps to 0x700", "differs (KVM 0x1, guest 0x0)". */
export function guestAnswerText({ answer, kvm, guest, vector, why }: GuestAnswer): string {
  switch (answer) {
    case 'agrees':
      return answer;
    case 'differs':
      return `differs (KVM ${kvm ?? 'moving'}, guest ${guest ?? 'moving'})`;
    case 'traps':
      return `traps to ${vector ?? 'an unknown vector'}`;
    case 'not-accessible':
    case 'untested':
      return why === undefined ? answer : `${answer} (${why})`;
  }
}

/** What became of a register in a migration, as people read it: "kept, the guest agrees". */
export function migrationText({ guest, ...migration }: Migration): string {
  const check = guest === undefined ? [] : [`the guest ${guestCheckText(guest)}`];
  return [savedAgainText(migration), ...check].join(', ');
}

/** What became of the saved value: "kept", "changed (0x1 to 0x0)", "refused with EINVAL (0x1)". */
export function savedAgainText({
  answer,
  saved,
  restored,
  errno,
  why,
}: Omit<Migration, 'guest'>): string {
  const reason = why === undefined ? '' : ` (${why})`;
  switch (answer) {
    case 'kept':
    case 'untested':
      return `${answer}${reason}`;
    case 'changed':
      return restored === undefined
        ? `changed${reason}`
        : `changed (${saved ?? 'moving'} to ${restored})`;
    case 'refused':
      return `refused with ${errno ?? 'no errno'} (${saved ?? 'moving'})`;
  }
}

/** What the guest of a migration says: "agrees", "differs (before 0x1, after 0x0)". */
export function guestCheckText({ answer, before, after, vector, why }: GuestCheck): string {
  return answer === 'differs'
    ? `differs (before ${before ?? 'moving'}, after ${after ?? 'moving'})`
    : guestAnswerText({
        answer,
        ...(vector === undefined ? {} : { vector }),
        ...(why === undefined ? {} : { why }),
      });
}
