import { expect, test } from '@playwright/test';
import { GdbStub } from './gdb-stub.js';
import { repeatHypercalls, unsavedHypercalls } from './hypercalls.js';
import { fakeDebugger, MSR, NIP, R3 } from './testing/fake-debugger.js';

/** Of QEMU 10.0.2, `-d int`, while a kernel starts. */
const LOG = `Raise exception at c000000000089108 => SYSCALL (8) error=01
hypercall r3=0000000000000058 r4=0000000000000000 r5=0000000000000001 r6=0 r7=0 r8=0 r9=0 r10=0 r11=0 r12=0 nip=c000000000089000
hypercall r3=000000000000f800 r4=0000000005300004 r5=0000000000000006 nip=c000000000089108
hypercall r3=0000000000000464 r4=0000000000000000 r5=6000000000000000 nip=c000000000089204
hypercall r3=000000000000f005 r4=0000000000000001 nip=c000000000089300
`;

const CALL = {
  address: '0xc000000000089108',
  registers: ['0x000000000000f800', '0x0000000005300004'],
};
/** In a user's program, little endian, as an interrupt finds it. */
const USERS = new Map([
  [R3, 3n],
  [R3 + 1, 4n],
  [NIP, 0x10001234n],
  [MSR, 0x800000000000d033n],
]);

test('of a log those hypercalls are taken whose effect no saved state has, in their order', () => {
  expect(unsavedHypercalls(LOG)).toEqual([
    {
      address: '0xc000000000089108',
      registers: ['0x000000000000f800', '0x0000000005300004', '0x0000000000000006'],
    },
    {
      address: '0xc000000000089204',
      registers: ['0x0000000000000464', '0x0000000000000000', '0x6000000000000000'],
    },
  ]);
});

test('a hypercall is made again where it was made, as the kernel, and the machine goes on as it was', async () => {
  const seen: Record<string, bigint | undefined>[] = [];
  const machine = fakeDebugger(USERS, (registers) => {
    const [r3, r4, nip, msr] = [R3, R3 + 1, NIP, MSR].map((it) => registers.get(it));
    seen.push({ r3, r4, nip, msr });
    // The first step is the interrupt's.
    if (seen.length === 1) return;
    registers.set(R3, 0n);
    registers.set(NIP, (nip ?? 0n) + 4n);
  });
  const stub = new GdbStub(machine.stream);
  await stub.interrupt();
  expect(machine.state.isRunning).toBe(false);
  let woken = 0;
  await repeatHypercalls(stub, [CALL], () => (woken += 1));
  expect(seen.at(-1)).toEqual({
    ...{ r3: 0xf800n, r4: 0x5300004n },
    ...{ nip: 0xc000000000089108n, msr: 0x8000000000001033n },
  });
  expect(machine.registers).toEqual(USERS);
  expect({ woken, isRunning: machine.state.isRunning }).toEqual({ woken: 1, isRunning: true });
  expect(machine.asked).toEqual([
    ...['qSupported:qXfer:features:read+', 'Qqemu.sstep=1', 's', 'Qqemu.sstep=7', 's', 'D'],
  ]);
});

test('a hypercall that is refused is an error, and the machine has its registers back', async () => {
  const machine = fakeDebugger(USERS, (registers) => {
    if (registers.get(R3) !== 0xf800n) return;
    registers.set(R3, 0xffff_ffff_ffff_fffen);
    registers.set(NIP, 0xc00000000008910cn);
  });
  const repeated = repeatHypercalls(new GdbStub(machine.stream), [CALL], () => undefined);
  await expect(repeated).rejects.toMatchObject({
    code: 'HYPERCALL_REFUSED',
    message: 'hypercall 0x000000000000f800 was made again and answered -2, at 0xc00000000008910c',
  });
  expect(machine.registers).toEqual(USERS);
});
