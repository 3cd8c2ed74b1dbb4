import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import type { SprmatrixError } from '../../../harness/base/error.js';
import { rejectionOf } from '../../../harness/base/testing/errors.js';
import type { RunningMachine } from '../../../harness/machine/machine.js';
import { bootMachine } from '../../../harness/machine/machine.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import { qemusOf } from '../../../fixtures/cli-process.js';
import { AGENT, testBootOptions, testKernel } from './booted.js';

async function boot(): Promise<RunningMachine> {
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  return bootMachine(await testBootOptions('pseries-p9-nested', initramfs, test.info()));
}

/** Sends a signal to this test's only QEMU. */
function signalQemu(signal: NodeJS.Signals): void {
  for (const pid of qemusOf(process.pid)) process.kill(pid, signal);
}

test('a QEMU that is stopped for three budgets and goes on has answered in time', async () => {
  await using machine = await boot();
  signalQemu('SIGSTOP');
  const answer = machine.agent.openKvm({}, { budgetMs: 1000 });
  await delay(3000);
  signalQemu('SIGCONT');
  expect(await answer).toEqual({});
});

test('a QEMU that never gets a processor is starved: the machine failed, not the kernel', async () => {
  await using machine = await boot();
  signalQemu('SIGSTOP');
  let error: SprmatrixError;
  try {
    error = await rejectionOf(machine.agent.openKvm({}, { budgetMs: 300 }));
  } finally {
    signalQemu('SIGCONT');
  }
  expect([error.code, error.kind]).toEqual(['STARVED', 'harness']);
  expect(error.message).toMatch(
    /^agent request KVM_OPEN: no answer within \d+ ms, for \d+ of which the emulator had no processor \(it was stopped by a signal\)$/,
  );
});
