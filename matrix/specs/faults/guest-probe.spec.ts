import { expect, test } from '@playwright/test';
import { VmType } from '../../../harness/agent/kvm-host.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { bootMachine } from '../../../harness/machine/machine.js';
import { isNewEnough } from '../../../harness/machine/qemu-binary.js';
import type { GuestStep } from '../../../harness/probe/guest/guest-step.js';
import { runGuest } from '../../../harness/probe/guest/guest-run.js';
import { registerNamed } from '../../../harness/sync/register-table.js';
import { AGENT, testBootOptions, testKernel } from './booted.js';

const HV = { vmType: VmType.HV, isPapr: true, hasTm: false };
const NOTHING = { before: [], after: [] };

function step(name: string, direction: 'read' | 'write', value = 0n): GuestStep {
  return { register: registerNamed(name), access: { by: 'spr' }, direction, value };
}

test('guests of both byte orders read their own writes, trap, and are taken past an access that hangs', async () => {
  const info = test.info();
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  const options = await testBootOptions('powernv8', initramfs, info);
  await using machine = await bootMachine(options);
  await machine.agent.openKvm({});

  for (const byteOrder of ['little', 'big'] as const) {
    const write = step('TAR', 'write', 0x1234n);
    const read = step('TAR', 'read');
    const trap = step('DPDES', 'read');
    const steps = [write, read, trap];
    const { answers } = await runGuest(machine.agent, steps, NOTHING, { ...HV, byteOrder });
    expect(answers.get(read)).toEqual({ outcome: 'done', value: 0x1234n });
    expect(answers.get(trap)).toEqual({ outcome: 'trapped', vector: 0x700 });
  }

  // POWER8 checks storage keys in virtual real mode: without its own key the guest can store nothing,
  // not even that it was interrupted. QEMU 10 checks them no more there: the write is as any other.
  const locked = step('AMR', 'write', 0xc000_0000_0000_0000n);
  const after = step('TAR', 'read');
  const run = await runGuest(machine.agent, [locked, after], NOTHING, {
    ...HV,
    byteOrder: 'little',
  });
  expect(run.answers.get(locked)).toEqual(
    isNewEnough(options.qemu, '10.0')
      ? { outcome: 'done', value: 0n }
      : { outcome: 'stopped', why: 'the guest hung' },
  );
  expect(run.answers.get(after)).toEqual({ outcome: 'done', value: 0n });
});
