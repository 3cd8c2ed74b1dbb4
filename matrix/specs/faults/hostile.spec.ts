import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import type { KvmHost } from '../../../harness/agent/kvm-host.js';
import { VmType } from '../../../harness/agent/kvm-host.js';
import { buildInitramfs } from '../../../harness/kernels/initramfs.js';
import type { RunningMachine } from '../../../harness/machine/machine.js';
import { bootMachine } from '../../../harness/machine/machine.js';
import { probeHostile } from '../../../harness/probe/hostile/probe-hostile.js';
import { exactRows } from '../../../harness/probe/hostile/testing/fake-host.js';
import type { CellOptions } from '../../../harness/cell/run-cell.js';
import { runCell } from '../../../harness/cell/run-cell.js';
import type { CellRecord, HostileRecord } from '../../../harness/record/record.generated.js';
import { registerNamed } from '../../../harness/sync/register-table.js';
import { AGENT, testBootOptions, testKernel, testPlatform, testQemu } from './booted.js';
import { qemusOf, until } from '../../../fixtures/cli-process.js';

async function boot(): Promise<RunningMachine> {
  const initramfs = await buildInitramfs(await testKernel(), AGENT);
  return bootMachine(await testBootOptions('pseries-p9-nested', initramfs, test.info()));
}

async function probe(
  machine: RunningMachine,
  host: KvmHost = machine.agent,
): Promise<HostileRecord> {
  // Of the rows the probe takes which registers can be got; these can.
  const rows = new Map(
    [...exactRows()].filter(([name]) => ['DSISR', 'DAR', 'VR0', 'LPCR'].includes(name)),
  );
  return probeHostile(host, rows, {
    ...{ vmType: VmType.HV, isPapr: true, hasTm: false, byteOrder: 'little' },
    plan: { ids: 100, seed: 3 },
    lastWords: () => machine.lastWords,
  });
}

test('hostile calls come to the same on every vCPU, and the host goes on', async () => {
  await using machine = await boot();
  const { agent } = machine;
  await agent.openKvm({});
  const first = await probe(machine);
  expect(await probe(machine)).toEqual(first);
  const { checks } = first;
  expect(checks['other-files']).toEqual({ answers: { EBADF: 2, ENOTTY: 2 } });
  expect(checks.race).toEqual({ answers: { ok: 750 } });
  expect(checks['put-while-running']).toEqual({ answers: { ok: 1 } });
  expect(checks['vcpu-works']).toEqual({ answers: { ok: 7 } });
  // Every kernel comes back with the guest's (known issue switched-out-in-run-loses-fp).
  expect(checks['vmm-registers']?.unexpected?.first.map(({ call }) => call)).toEqual([
    "the caller's FPR14 to FPR31 over KVM_RUN",
    "the caller's VR20 to VR31 over KVM_RUN",
  ]);
  for (const [name, check] of Object.entries(checks)) {
    if (name !== 'vmm-registers') expect(Object.keys(check as object), name).toEqual(['answers']);
  }
  const lines = agent.transcript.text();
  expect(lines).toMatch(/^ {2}get DAR \(value: null, argument: memory\) EFAULT$/m);
  expect(lines).toMatch(/^ {2}put DAR 0x[0-9a-f]{16} \(value: two-pages, argument: memory\)$/m);
  expect(lines).toMatch(/^\+[\d.]+ PUT_WHILE_RUNNING: the put came back after [1-9]\d* us$/m);
});

test('the kernel writes as many bytes as the id says and none where it refuses', async () => {
  await using machine = await boot();
  const { agent } = machine;
  await agent.openKvm({});
  const vcpu = await agent.createVcpu(await agent.createVm(VmType.HV), 0);
  const results = await agent.hostileCalls(
    vcpu,
    'vcpu',
    ['DSISR', 'DAR', 'VR0', 'EPCR'].map((name) => ({
      ...({ id: registerNamed(name).id, direction: 'get', value: 0n } as const),
      ...({ valueAt: 'two-pages', argumentAt: 'misaligned' } as const),
    })),
  );
  expect(results.map(({ error, extent }) => [error, extent])).toEqual([
    [0, 4],
    [0, 8],
    [0, 16],
    [-22, 0],
  ]);
});

test('a host that dies of hostile calls costs the checks that come after, not the record', async () => {
  await using machine = await boot();
  const { agent } = machine;
  await agent.openKvm({});
  const race = agent.race.bind(agent);
  agent.race = async (...args) => {
    for (const pid of qemusOf(process.pid)) process.kill(pid, 'SIGKILL');
    return race(...args);
  };
  const { checks } = await probe(machine);
  expect(checks['other-files']).toEqual({ answers: { EBADF: 2, ENOTTY: 2 } });
  expect(checks.race?.died?.how).toBe('QEMU ended by SIGKILL in the middle of its work');
  expect(checks['vcpu-works']).toEqual({ answers: {}, untested: 'the host died in race' });
});

const CELL = 'debian-6.1/pseries-p9-nested';
const LOGS = `logs/${CELL}`;

/** A whole cell whose machine is killed when hostile calls are to be made. */
async function cellThatDies(options: Partial<CellOptions> = {}): Promise<CellRecord> {
  return runCell({
    kernel: await testKernel(),
    platform: testPlatform('pseries-p9-nested'),
    qemu: await testQemu('pseries-p9-nested'),
    agentPath: AGENT,
    outFolder: test.info().outputPath(),
    reproduce: 'the command that shows it',
    registers: [registerNamed('DAR')],
    hostile: { ids: 100, seed: 3 },
    onPhase: (phase) => {
      if (phase === 'hostile') for (const pid of qemusOf(process.pid)) process.kill(pid, 'SIGKILL');
    },
    ...options,
  });
}

test('another machine takes the place of one that died, and each has its own logs', async () => {
  const checks = (await cellThatDies()).hostile?.checks ?? {};
  expect(qemusOf(process.pid)).toEqual([]);
  const how = 'QEMU ended by SIGKILL in the middle of its work';
  expect(checks['foreign-ids']).toEqual({ answers: {}, died: { how, console: [] } });
  expect(checks['unused-ids']).toEqual({ answers: { EINVAL: 60 } });
  expect(checks['registers-kept']).toEqual({ answers: { ok: 1 } });
  expect(checks['vcpu-works']).toEqual({ answers: { ok: 7 } });
  const logs = test.info().outputPath(LOGS);
  const [first, second] = await Promise.all(
    ['', 'replacements/1/'].map((own) => readFile(`${logs}/${own}requests.log`, 'utf8')),
  );
  expect(first?.trimEnd().split('\n').at(-1)).toContain(`KERNEL_LOG: ${CELL}: ${how}`);
  expect(second).toContain('PUT_WHILE_RUNNING: the put came back');
  expect(existsSync(`${logs}/replacements/2`)).toBe(false);
});

test('an abort while another machine boots leaves no QEMU', async () => {
  const controller = new AbortController();
  const failing = cellThatDies({ signal: controller.signal }).catch((error: unknown) => error);
  const log = test.info().outputPath(`${LOGS}/replacements/1/console.log`);
  await until('another machine boots', () => existsSync(log));
  controller.abort();
  expect(await failing).toMatchObject({
    code: 'ABORTED',
    message: `boot of ${CELL}, waiting for the agent's hello: interrupted`,
  });
  expect(qemusOf(process.pid)).toEqual([]);
});
