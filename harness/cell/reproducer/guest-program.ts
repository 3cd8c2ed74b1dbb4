import type { GuestAnswer } from '../../record/record.generated.js';
import type { InstructionAccess } from '../../record/registers.generated.js';
import type { Register } from '../../sync/register-table.js';
import { registerNamed } from '../../sync/register-table.js';
import type { GuestStep } from '../../probe/guest/guest-step.js';
import { SENTINEL } from '../../probe/guest/guest-step.js';
import { allOnes, distinctValue, legalValue } from '../../probe/patterns.js';
import type { CProgram, VmFlavour } from './c-program.js';
import { ASK_CODE, literal, REPORT_CODE } from './c-program.js';
import { accessWords, GUEST_HEADERS, guestCode, OWN_EXIT, wordsText } from './guest-code.js';
import type { Shown } from './shown.js';
import { flavourOf } from './shown.js';

/** A register of which a guest and ONE_REG say different things. */
interface Disagreement {
  readonly register: Register;
  readonly access: InstructionAccess;
  /** Whether a guest may write it, too. */
  readonly isWritten: boolean;
  readonly flavour: VmFlavour;
}

const AGREES = `
/* Whether the guest reads what ONE_REG put, and ONE_REG gets what the guest wrote. */
static int agrees(const char *name, uint64_t id, uint64_t put, uint64_t written, uint64_t mask)
{
	uint64_t sentinel = SENTINEL, seen, *slots = (uint64_t *)(memory + 0x100000)LOW;

	slots[0] = sentinel;
	slots[6] = written;
	ask(KVM_SET_ONE_REG, name, id, put);
	put = ask(KVM_GET_ONE_REG, name, id, 0);
	/* It leaves once before its first access, and after the last. */
	if (ioctl(vcpu, KVM_RUN, 0) < 0 || ioctl(vcpu, KVM_RUN, 0) < 0 ||
	    run->exit_reason != OWN_EXIT)
		skip("KVM_RUN");
	seen = slots[2];
	if (seen == sentinel)
		skip("the processor has no such register");
	printf("# KVM has %#lx, the guest reads %#lx\\n", (long)put, (long)(seen & mask));
WRITTEN	return report(COMPARED, name, "is the same for the guest and for KVM");
}

`;

const WRITTEN = `	written = ask(KVM_GET_ONE_REG, name, id, 0);
	printf("# the guest wrote %#lx, KVM has %#lx\\n", (long)(slots[14] & mask), (long)written);
`;

/** A guest that reads what ONE_REG put, and ONE_REG what a guest wrote; undefined where no record shows it. */
export function agreesWithGuest(shown: Shown): CProgram | undefined {
  const all = (shown.issue.registers ?? []).flatMap((name) => disagreements(name, shown));
  const [first] = all;
  if (first === undefined) return undefined;
  const { flavour, access, isWritten } = first;
  // A counter goes on while the guest runs: COUNTED of the guest probe.
  const read = access.counts === true ? '(seen - put) >> 36 == 0' : '!((seen ^ put) & mask)';
  const compared = isWritten ? `${read} && !((slots[14] ^ written) & mask)` : read;
  return {
    headers: GUEST_HEADERS,
    code: [
      ...[REPORT_CODE, ASK_CODE, guestCode({ flavour, onAlarm: 'end', readsExit: true })],
      AGREES.replace('LOW', access.by === 'vscr' ? ' + !LITTLE' : '')
        .replace('SENTINEL', literal(SENTINEL))
        .replace('OWN_EXIT', OWN_EXIT[flavour])
        .replace('WRITTEN', isWritten ? WRITTEN : '')
        .replace('COMPARED', compared),
      ...all.map((each) =>
        wordsText(each.register.name.toLowerCase(), accessWords(stepsOf(each), flavour)),
      ),
    ].join(''),
    checks: all.map(checkText),
  };
}

function disagreements(name: string, { records, facts }: Shown): Disagreement[] {
  const access = facts.get(name)?.guest;
  if (access === undefined || access.by === 'nothing') return [];
  if (!['spr', 'fpscr', 'vscr'].includes(access.by)) return [];
  const record = records.find(({ registers }) => {
    const guest = registers[name]?.guest;
    return isOdd(guest?.read) || isOdd(guest?.write);
  });
  if (record === undefined) return [];
  const isWritten = access.readOnly !== true;
  return [{ register: registerNamed(name), access, isWritten, flavour: flavourOf(record) }];
}

function isOdd(answer: GuestAnswer | undefined): boolean {
  return answer?.answer === 'differs' || answer?.answer === 'traps';
}

/** The values of the guest probe: the distinct one is put, its complement is written. */
function valuesOf({ register, access }: Disagreement): { put: bigint; written: bigint } {
  const value = distinctValue(register);
  return {
    put: legalValue(register, access, value),
    written: legalValue(register, access, ~value),
  };
}

function stepsOf(each: Disagreement): GuestStep[] {
  const { register, access, isWritten } = each;
  const step = { register, access, value: valuesOf(each).written };
  const read: GuestStep = { ...step, direction: 'read' };
  return isWritten ? [read, { ...step, direction: 'write' }, read] : [read];
}

function checkText(each: Disagreement): string {
  const { register, access } = each;
  const { put, written } = valuesOf(each);
  const mask = allOnes(register) & ~BigInt(access.moves ?? '0x0');
  const array = register.name.toLowerCase();
  const values = [register.id, put, written].map(literal).join(', ');
  return `(load(${array}, sizeof(${array})), agrees("${register.name}", ${values},\n\t\t\t${literal(mask)}))`;
}
