import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import type { CellRecord } from '../../record/cell-record.js';
import { rejectionOf, record, row, test } from '../../record/record.fixture.js';
import { readBaseline, toBaseline, writeBaseline } from '../baseline.js';
import type { EmulatorFacts } from './emulator-reasons.js';
import { measuredBaseline } from './measured-baseline.js';

const FACTS: EmulatorFacts = {
  reference: { line: '10.0', why: 'a test says so' },
  reasons: [
    {
      ...{ id: 'old-lpcr', qemu: '<8.1.0', platforms: ['powernv9'], registers: ['LPCR*'] },
      ...{ capabilities: ['KVM_CAP_PPC_AIL_MODE_3'], what: 'it is old', source: 'cpu-models.c' },
    },
  ],
};

/** What a cell answers under a version: 7.2 has other LPCRs, 11.1 another DABR. */
function under(qemu: string): CellRecord {
  const isOld = qemu.startsWith('7.2');
  const answers = {
    DABR: row(qemu.startsWith('11.') ? 'lost' : 'exact'),
    DSCR: row('exact'),
    LPCR: row('masked', { writable: isOld ? '0x0000000000000001' : '0x0000000000000003' }),
  };
  return record({ qemu }, answers);
}

const rangesOf = (baseline: CellRecord): unknown =>
  baseline.emulators?.map(({ from, to, differs }) => [
    `${from} ${to}`,
    ...differs.map(({ reason, registers = {} }) => [reason, Object.keys(registers).join()]),
  ]);

test('one version is the reference, and of the others only what differs is kept, by reason', () => {
  const versions = ['11.1.3', '7.2.22', '10.0.13', '10.0.2'];
  const baseline = measuredBaseline(versions.map(under), undefined, FACTS);
  expect(baseline.machine.qemu).toBe('10.0.2');
  expect(baseline.registers).toEqual(under('10.0.2').registers);
  expect(rangesOf(baseline)).toEqual([
    ['7.2.22 7.2.22', ['old-lpcr', 'LPCR']],
    ['10.0.2 10.0.13'],
    ['11.1.3 11.1.3', [undefined, 'DABR']],
  ]);
});

test('it is the same in whatever order and in however many runs versions are measured', () => {
  const all = measuredBaseline(['7.2.22', '10.0.2', '11.1.3'].map(under), undefined, FACTS);
  for (const order of [
    ['7.2.22', '10.0.2', '11.1.3'],
    ['11.1.3', '7.2.22', '10.0.2'],
  ]) {
    let baseline: CellRecord | undefined;
    for (const version of order)
      baseline = toBaseline(measuredBaseline([under(version)], baseline, FACTS));
    expect(baseline).toEqual(toBaseline(all));
  }
});

test('a cell that does not run under the reference line is of the oldest version', () => {
  expect(measuredBaseline([under('11.1.3')], undefined, FACTS)).toEqual(under('11.1.3'));
});

test('measuring a version again replaces what was known of it', () => {
  const former = measuredBaseline(['7.2.22', '10.0.2'].map(under), undefined, FACTS);
  const mended = { ...under('10.0.2'), machine: { ...under('7.2.22').machine, qemu: '7.2.22' } };
  expect(rangesOf(measuredBaseline([mended], toBaseline(former), FACTS))).toEqual([
    ['7.2.22 7.2.22'],
    ['10.0.2 10.0.2'],
  ]);
});

test('a new kernel begins again; the same one keeps what other QEMUs answered', async ({
  folder,
}) => {
  await writeBaseline([under('7.2.22'), under('10.0.2')], { folder });
  await writeBaseline(under('10.0.2'), { folder });
  const read = async (): Promise<CellRecord | undefined> =>
    readBaseline('debian-6.1', 'powernv9', { folder });
  expect((await read())?.emulators).toHaveLength(2);
  const kernel = { ...record({ package: { name: 'linux', version: '6.1.180-1' } }).kernel };
  kernel.sha256 = 'f'.repeat(64);
  await writeBaseline({ ...under('10.0.2'), kernel }, { folder });
  expect((await read())?.emulators).toBeUndefined();
});

test('the file has a line for each row that differs, and is read as it was written', async ({
  folder,
}) => {
  const path = await writeBaseline([under('7.2.22'), under('10.0.2')], { folder });
  const text = await readFile(path, 'utf8');
  expect(text).toContain('\n            "LPCR": {"id":');
  const again = await readBaseline('debian-6.1', 'powernv9', { folder });
  expect(again && (await writeBaseline(again, { folder }))).toBe(path);
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a record under a QEMU that only one machine has becomes no baseline', async ({ folder }) => {
  const calibration = { qemu: 'a'.repeat(64), control: 'debian-6.1', differs: {} };
  const error = await rejectionOf(writeBaseline({ ...under('10.0.2'), calibration }, { folder }));
  expect(error).toMatchObject({
    code: 'BASELINE_CALIBRATED',
    message:
      'debian-6.1/powernv9: no baseline of it: its QEMU 10.0.2 is a build that only this machine has',
  });
});

test('log lines that are other ones under a QEMU are kept as those of their check', () => {
  const logged = (qemu: string, log?: string): CellRecord => ({
    ...under(qemu),
    hostile: {
      ...{ ids: 1, seed: 1 },
      checks: { sizes: { answers: { EINVAL: 2 }, ...(log === undefined ? {} : { log: [log] }) } },
    },
  });
  const baseline = measuredBaseline(
    [logged('10.0.2'), logged('10.0.13', 'kvm: unknown size'), logged('11.0.0', 'kvm: other')],
    undefined,
    FACTS,
  );
  const logs = baseline.emulators?.map(({ from, differs }) => [
    from,
    ...differs.flatMap(({ checks }) => checks?.sizes?.log ?? []),
  ]);
  expect(logs).toEqual([['10.0.2'], ['10.0.13', 'kvm: unknown size'], ['11.0.0', 'kvm: other']]);
  const [quiet] =
    measuredBaseline([logged('10.0.2'), logged('10.0.13')], undefined, FACTS).emulators ?? [];
  expect(quiet).toEqual({ from: '10.0.2', to: '10.0.13', differs: [] });
});
