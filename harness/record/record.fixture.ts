import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import fc from 'fast-check';
import type { CellRecord, RegisterRecord, Support } from './cell-record.js';
import { SUPPORTS } from './cell-record.js';

export { errorOf, rejectionOf } from '../base/testing/errors.js';

/** Playwright's `test` with a folder of the test's own, removed after it. */
export const test = base.extend<{ folder: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the first argument destructured
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-record-'));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

/** What a test may say about a row: its width, what it answers, and any field by hand. */
type RowChanges = Partial<RegisterRecord> & { readonly errno?: string };

/** A row that is right for its `support`, with `changes` on top. The default width is 64 bits. */
export function row(support: Support, changes: RowChanges = {}): RegisterRecord {
  const { errno = 'EINVAL', ...fields } = changes;
  const size = fields.size ?? 64;
  const value = (digit: string): string => `0x${digit.repeat(size / 4)}`;
  const refusal = { errno, value: value('f'), bits: value('c') };
  const base: RegisterRecord = {
    id: `0x10${{ 32: '2', 64: '3', 128: '4' }[size]}0000000000001`,
    size,
    spr: null,
    group: 'debug',
    support,
    get: 'ok',
    put: 'ok',
    reset: value('0'),
    writable: value('f'),
    refused: [],
  };
  const bySupport: Record<Support, Partial<RegisterRecord>> = {
    exact: {},
    masked: { writable: value('3') },
    restricted: { writable: value('3'), refused: [refusal] },
    lost: { writable: value('0') },
    'get-only': { put: errno, writable: null },
    'put-only': { get: errno, reset: null, writable: null },
    volatile: { reset: null, writable: null, note: 'two gets differ' },
    aliased: { aliases: ['DSCR'] },
    absent: { get: errno, put: errno, reset: null, writable: null },
    untested: { get: null, put: null, reset: null, writable: null },
    error: { get: null, put: null, reset: null, writable: null, note: 'the agent did not answer' },
  };
  return { ...base, ...bySupport[support], ...fields };
}

/** What a test may say about a record. */
export interface RecordChanges {
  readonly kernel?: string;
  readonly platform?: string;
  readonly release?: string;
  readonly package?: CellRecord['kernel']['package'];
  readonly pageSize?: number;
  readonly qemu?: string;
}

/** The names of `record()`'s registers when the test gives none. */
export const NAMES = ['DABR', 'DSCR', 'LPCR'] as const;

/** A valid record; its kernel's release follows from the kernel id (`debian-6.1` -> `6.1.0-50`). */
export function record(
  changes: RecordChanges = {},
  registers: Record<string, RegisterRecord> = Object.fromEntries(
    NAMES.map((name) => [name, row('exact')]),
  ),
): CellRecord {
  const kernel = changes.kernel ?? 'debian-6.1';
  const line = /\d+\.\d+/.exec(kernel)?.[0] ?? '6.1';
  const release = changes.release ?? `${line}.0-50-powerpc64le`;
  return {
    format: 1,
    cell: { kernel, platform: changes.platform ?? 'powernv9' },
    kernel: {
      release,
      version: `#1 SMP Debian ${line}.176-1`,
      package:
        changes.package === undefined
          ? { name: `linux-image-${release}`, version: `${line}.176-1` }
          : changes.package,
      sha256: 'a'.repeat(64),
      byteOrder: 'little',
      pageSize: changes.pageSize ?? 65536,
    },
    machine: {
      qemu: changes.qemu ?? '7.2.22',
      machine: 'powernv9',
      cpu: 'POWER9',
      accelerator: 'tcg',
    },
    kvm: { flavour: 'HV', capabilities: { KVM_CAP_ONE_REG: 1, KVM_CAP_PPC_HIOR: 1 } },
    harness: { version: '0.1.0', commit: null },
    timings: { bootMs: 1600, registersMs: 100 },
    registers,
  };
}

/** Any valid row. */
const anyRow: fc.Arbitrary<RegisterRecord> = fc
  .record({
    support: fc.constantFrom(...SUPPORTS),
    size: fc.constantFrom(32 as const, 64 as const, 128 as const),
    errno: fc.constantFrom('EINVAL', 'ENXIO', 'EPERM'),
    spr: fc.option(fc.nat(1023)),
    group: fc.string(),
    note: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  })
  .map(({ support, note, ...fields }) =>
    row(support, { ...fields, ...(note === undefined ? {} : { note }) }),
  );

/** Any valid record of the registers in `NAMES`, in any order of them. */
export const anyRecord: fc.Arbitrary<CellRecord> = fc
  .record({
    kernel: fc.constantFrom('debian-6.1', 'debian-6.12', 'debian-6.12-64k', 'vmlinux'),
    platform: fc.constantFrom('powernv8', 'powernv9'),
    release: fc.string(),
    package: fc.option(fc.record({ name: fc.string(), version: fc.string() })),
    qemu: fc.string(),
    names: fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }),
    rows: fc.array(anyRow, { minLength: NAMES.length, maxLength: NAMES.length }),
  })
  .map(({ names, rows, ...changes }) => {
    const registers = names.map((name, index): [string, RegisterRecord] => {
      const entry = rows[index] ?? row('exact');
      // No register answers with its own value.
      return [name, entry.aliases === undefined ? entry : { ...entry, aliases: [otherThan(name)] }];
    });
    return record(changes, Object.fromEntries(registers));
  });

function otherThan(name: string): string {
  return NAMES.find((other) => other !== name) ?? name;
}
