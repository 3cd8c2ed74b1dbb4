import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import type { PowerMachine } from '../../../fixtures/power-machine/power-machine.js';
import { bootPowerMachine, HOSTS } from '../../../fixtures/power-machine/power-machine.js';
import { repositoryPath } from '../../../harness/base/paths.js';
import { findQemu } from '../../../harness/machine/qemu-binary.js';
import { loadHardware } from '../../../harness/machine/platforms.js';
import type { CellRecord } from '../../../harness/record/cell-record.js';
import { isIssueOfRegister, readKnownIssues } from '../../../harness/judge/known-issues.js';
import { validateRecord } from '../../../harness/record/parse-record.js';
import { testKernel, testPlatform } from '../faults/booted.js';
import type { CliResult } from '../../../fixtures/cli-process.js';
import { runCli } from '../../../fixtures/cli-process.js';
import { LIBRARY_NAME } from '../../../harness/sync/library.js';

/*
 * A machine with POWER hardware is played by one that QEMU emulates: debian-6.1 on nested POWER9, with
 * Debian's Node and an sshd. What it answers over ssh and in process must be what the agent answers
 * as PID 1 of the same kernel on the same platform.
 */
const KERNEL = 'debian-6.1';
const PLATFORM = 'pseries-p9-nested';
const CLI = 'node /sprmatrix/dist/bundle/cli.js';
const EINTR = 4;
const KVM_EXIT_PAPR_HCALL = 19;

const test = base.extend<object, { machine: PowerMachine; ofAgent: CellRecord }>({
  ofAgent: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the first argument destructured
    async ({}, use, worker) => {
      const out = join(worker.project.outputDir, 'of-agent');
      // The machine's own: another QEMU emulates another processor.
      const qemu = `--qemu=${(await findQemu()).path}`;
      const cell = [`--kernel=${KERNEL}`, `--platform=${PLATFORM}`];
      await runCli(['run', ...cell, qemu, '--out', out]);
      await use(await recordIn(out, `${KERNEL}/${PLATFORM}`));
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  machine: [
    // eslint-disable-next-line no-empty-pattern -- Playwright wants the first argument destructured
    async ({}, use, worker) => {
      const logs = join(worker.project.outputDir, 'power-machine');
      await using machine = await bootPowerMachine(
        await testKernel(),
        testPlatform(PLATFORM),
        logs,
      );
      await use(machine);
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});
test.describe.configure({ mode: 'serial' });

/** Of no vCPU in this machine: a guest reads what the guest before left there. */
const UNSWITCHED = (await readKnownIssues()).filter(
  ({ id }) => id === 'power8-sprs-on-newer-processors',
);

/**
 * What does not depend on how a machine was reached. A register that KVM does not switch holds what
 * the guest before left in it, so that the values of a difference, and even whether there is one, are
 * of the machine's history: the migration probe's guest leaves the values that the guest probe puts.
 */
function commonPart({ kernel, kvm, registers, hostile }: CellRecord): unknown {
  const { release, version, byteOrder, pageSize } = kernel;
  const rows = Object.entries(registers).map(([name, { guest, ...row }]) => [
    name,
    {
      ...row,
      read: UNSWITCHED.some((issue) => isIssueOfRegister(issue, name)) ? 'any' : guest?.read.answer,
      write: guest?.write.answer,
    },
  ]);
  return {
    release,
    version,
    byteOrder,
    pageSize,
    kvm,
    hostile: hostile?.checks,
    registers: Object.fromEntries(rows) as unknown,
  };
}

/** A record as `sprmatrix run` wrote it. */
async function recordIn(out: string, cell: string): Promise<CellRecord> {
  const path = join(out, `records/${cell}.json`);
  return validateRecord(JSON.parse(await readFile(path, 'utf8')), path);
}

const IDENTITY = {
  qemu: null,
  machine: 'pSeries, IBM pSeries (emulated by qemu)',
  cpu: 'POWER9 (architected), altivec supported, revision 2.0 (pvr 004e 1200)',
  accelerator: 'unknown',
};

test('over ssh, the agent answers as it does in a machine of its own, and leaves nothing there', async ({
  machine,
  ofAgent,
}) => {
  const out = test.info().outputPath('out');
  const { exitCode, stdout, stderr } = await runCli(
    ['run', `--platform=ssh:${HOSTS.good}`, '--out', out],
    machine.env,
  );
  // Recorded; whether any register deviates is the kernel's matter.
  expect([0, 1], stderr).toContain(exitCode);
  expect(stdout).toContain(
    `no baseline, judged by the standing rules alone: running/ssh:${HOSTS.good}\n`,
  );
  const record = await recordIn(out, `running/ssh:${HOSTS.good}`);
  expect(record.cell).toEqual({ kernel: 'running', platform: `ssh:${HOSTS.good}` });
  expect(record.machine).toEqual(IDENTITY);
  expect(commonPart(record)).toEqual(commonPart(ofAgent));
  const left = await machine.run('ls -A /tmp; pgrep -f stdio');
  expect(left.stdout).toBe('');
});

test('in process, and by an agent of its own, KVM answers as it does to PID 1', async ({
  machine,
  ofAgent,
}) => {
  const { exitCode, stderr } = await machine.run(`${CLI} run --platform=local --out=/tmp/out`);
  // Recorded; whether any register deviates is the kernel's matter.
  expect([0, 1], stderr).toContain(exitCode);
  const path = '/tmp/out/records/running/local.json';
  const record = validateRecord(
    JSON.parse((await machine.run(`cat ${path}`)).stdout) as unknown,
    path,
  );
  expect(record.cell).toEqual({ kernel: 'running', platform: 'local' });
  expect(record.machine).toEqual(IDENTITY);
  expect(commonPart(record)).toEqual(commonPart(ofAgent));
  const left = await machine.run('ls -A /tmp; pgrep -f stdio');
  expect(left.stdout).toBe('out');
});

test('on this machine, guest code runs in a vCPU, and a guest that hangs is stopped', async ({
  machine,
}) => {
  const code = await readFile(repositoryPath('matrix/specs/hardware/guest-run.js'), 'utf8');
  const { stdout, stderr } = await machine.run(
    `cat > /tmp/guest-run.mjs <<'END'\n${code}END\nnode /tmp/guest-run.mjs`,
  );
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({
    exit: [0, KVM_EXIT_PAPR_HCALL, '4242'],
    r3: '4242',
    hang: EINTR,
    memory: '42426038',
    outside: expect.stringMatching(/MEMORY_READ.*Bad address/),
    log: true,
    logAgain: false,
  });
});

test('on this machine, what is missing is reported with what helps', async ({ machine }) => {
  const [hardware] = loadHardware();
  // The check alone: the whole program takes an emulated machine much longer to load.
  const check = `import { checkLocalMachine } from '/sprmatrix/dist/harness/hardware/local-machine.js';
try { checkLocalMachine(${JSON.stringify({ id: 'local', hardware })}); } catch (e) { console.log(e.describe()); }`;
  await machine.run(`cat > /tmp/check.mjs <<'END'\n${check}\nEND\nchmod 644 /tmp/check.mjs`);
  const denied = await machine.run('su nobody -s /bin/sh -c "node /tmp/check.mjs"');
  expect(denied.stdout, denied.stderr).toBe(
    'this user may not read and write /dev/kvm there\n  hint: be root there, or a member of the group of /dev/kvm (`usermod --append --groups kvm USER`, then log in again)',
  );
  for (const [file, message] of [
    [
      `build/native/${LIBRARY_NAME}`,
      `/sprmatrix/build/native/${LIBRARY_NAME}: not built yet\n  hint: run \`npx sprmatrix setup\``,
    ],
    [
      'build/guest/ppc64le/agent',
      'the agent for little-endian machines is not built\n  hint: `npm run setup` builds it',
    ],
  ]) {
    const path = `/sprmatrix/${file ?? ''}`;
    const missing = await machine.run(
      `mv ${path} /run/saved; node /tmp/check.mjs; mv /run/saved ${path}`,
    );
    expect(missing.stdout.trimEnd(), missing.stderr).toBe(message);
  }
});

test("ssh's refusals are reported with what ssh said and what helps", async ({ machine }) => {
  const run = async (host: string): Promise<CliResult> =>
    runCli(['run', `--platform=ssh:${host}`, '--out', test.info().outputPath('out')], machine.env);
  const refused = await run(HOSTS.refused);
  expect([refused.exitCode, refused.stderr]).toEqual([
    3,
    expect.stringMatching(/running\/ssh:power-stranger: .*Permission denied \(publickey\)\./),
  ]);
  expect(refused.stderr).toContain('hint: no question is asked (BatchMode): `ssh-add` a key');
  const unknown = await run(HOSTS.unknownKey);
  expect([unknown.exitCode, unknown.stderr]).toEqual([
    3,
    expect.stringContaining('running/ssh:power-unknown: Host key verification failed.\n'),
  ]);
  expect(unknown.stderr).toContain('hint: log in once by hand to accept its host key\n');
});

test('a machine without /dev/kvm is told so over ssh', async ({ machine }) => {
  await machine.run('mv /dev/kvm /dev/no-kvm');
  const { exitCode, stderr } = await runCli(
    ['run', `--platform=ssh:${HOSTS.good}`, '--out', test.info().outputPath('out')],
    machine.env,
  );
  await machine.run('mv /dev/no-kvm /dev/kvm');
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    'running/ssh:power: the machine has no /dev/kvm\n  hint: `modprobe kvm_hv`',
  );
});
