import type { GuestAnswer, GuestCheck, Migration, RegisterRecord } from './record.generated.js';

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
