import * as code from '../../probe/guest/instructions.js';
import type { CProgram } from './c-program.js';
import { GUEST_HEADERS, guestCode, wordsText } from './guest-code.js';

const SWITCHED_OUT = `
/* On the runner's processor: each time that it wakes up, the runner is switched out of KVM_RUN. */
static void *disturb(void *runner)
{
	for (int i = 0; i < 500; i++)
		usleep(100);
	pthread_kill((pthread_t)runner, SIGALRM);
	return NULL;
}

/* KVM_RUN of a guest that loops, with a value in FPR14; returns what is in there then. */
static uint64_t run_switched_out(uint64_t value)
{
	cpu_set_t first = { { 1 } };
	pthread_t other;

	load(loop, sizeof(loop));
	sched_setaffinity(0, sizeof(first), &first);
	pthread_create(&other, NULL, disturb, (void *)pthread_self());
	/* No call comes between them and the asm: it would change them. */
	register long number __asm__("r0") = SYS_ioctl, result __asm__("r3") = vcpu;
	register long request __asm__("r4") = KVM_RUN, argument __asm__("r5") = 0;
	__asm__ volatile("lfd 14, 0(%4)\\n\\tsc\\n\\tstfd 14, 0(%4)AFTER"
			 : "+r"(number), "+r"(result), "+r"(request), "+r"(argument)
			 : "b"(&value)
			 : "memory", "cr0", "ctr", "lr", "xer", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "fr14");
	pthread_join(other, NULL);
	return value;
}
`;

const KEEPS_FPR = `
static int keeps_fpr14(void)
{
	const uint64_t value = 0x4009000012345678;
	uint64_t after = value;

	/* In every 256th switch the kernel leaves floating point off, and that shows nothing. */
	for (int i = 0; i < 3 && after == value; i++)
		after = run_switched_out(value);
	printf("# FPR14 was %#lx, is %#lx\\n", (long)value, (long)after);
	printf("%s 1 - FPR14 of the caller is kept over KVM_RUN\\n", after == value ? "ok" : "not ok");
	return after != value;
}
`;

const KEEPS_SCV = `
static int keeps_scv(void)
{
	int status = 0;

	if (!(getauxval(AT_HWCAP2) & 0x00100000))
		skip("scv");
	if (fork() == 0)
		_exit(run_switched_out(0) != 0);
	wait(&status);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 4)
		_exit(4);
	printf("%s 1 - the caller can use scv after KVM_RUN\\n", WIFEXITED(status) ? "ok" : "not ok");
	return !WIFEXITED(status);
}
`;

const LOOP = `\n${wordsText('loop', [code.b(0)])}`;

/** The thread that runs a vCPU is switched out meanwhile; what it has in its processor must be its own after that. */
export function callerProgram(kept: 'floating point' | 'FSCR'): CProgram {
  const isFscr = kept === 'FSCR';
  // scv 0 of getpid, by its encoding: an assembler for older processors does not know it.
  const after = isFscr ? String.raw`\n\tli 0, 20\n\t.long 0x44000001` : '';
  const headers = ['pthread.h', 'sched.h', 'sys/syscall.h'];
  return {
    headers: [...GUEST_HEADERS, ...headers, ...(isFscr ? ['sys/auxv.h', 'sys/wait.h'] : [])],
    code: [
      guestCode({ flavour: 'HV', onAlarm: 'go on', readsExit: false }),
      LOOP,
      SWITCHED_OUT.replace('AFTER', after),
      isFscr ? KEEPS_SCV : KEEPS_FPR,
    ].join(''),
    checks: [isFscr ? 'keeps_scv()' : 'keeps_fpr14()'],
  };
}
