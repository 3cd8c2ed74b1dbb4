import type { GuestAnswer } from './record.generated.js';

/**
 * Why a guest cannot get at a register that its processor does not have: an access to an SPR of the reserved
 * range changes nothing and interrupts nothing. The guest probe writes them, verdicts read them.
 */
export const IGNORED_READ = 'the processor ignores a read of it';
export const IGNORED_WRITE = 'the processor ignores a write to it';

/** Whether a guest found that its processor has no such register. */
export function isIgnored({ answer, why }: GuestAnswer): boolean {
  return answer === 'not-accessible' && (why === IGNORED_READ || why === IGNORED_WRITE);
}
