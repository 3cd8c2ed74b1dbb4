import type { CellRecord, RegisterRecord } from '../../harness/record/cell-record.js';
import type { KnownIssue } from '../../harness/judge/known-issues.js';
import type { RecordChanges } from '../../harness/record/record.fixture.js';
import { record, row } from '../../harness/record/record.fixture.js';
import type { MeasuredMigration, MigrationOutcome } from '../../harness/record/migration-answer.js';
import type { RegisterFacts } from '../../harness/record/register-facts.js';
import { parseRegisterFacts } from '../../harness/record/register-facts.js';
import type { Feed, FeedEmulators, FeedInput } from '../feed.js';
import { buildFeed } from '../feed.js';
import { loadFeed } from '../load-feed.js';

/** A known issue that the small feed's 6.1 shows. */
const MMCR3_LOST: KnownIssue = {
  id: 'mmcr3-put-lost',
  registers: ['MMCR3'],
  kernels: ['<=6.1'],
  platforms: ['powernv*', 'pseries-*'],
  rule: 'put-lost',
  cause: 'kernel',
  what: 'a put of MMCR3 succeeds and does nothing.',
  source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv',
  fix: 'f9ca6a10be20479d526f27316cc32cfd1785ed39',
};

/** What the small feed's registers are, in its order. */
const SMALL_FACTS: RegisterFacts = parseRegisterFacts(
  JSON.stringify({
    registers: [
      fact('LPCR', 'Logical partitioning control.', [
        {
          support: 'masked',
          why: 'the hypervisor keeps some bits',
          source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr',
        },
      ]),
      fact('HIOR', 'Hypervisor interrupt offset.'),
      fact('MMCR0', 'Performance monitor control 0.'),
      fact('MMCR3', 'Performance monitor control 3.'),
      fact('DEXCR', 'Dynamic execution control.'),
      fact('FPR0-9', 'Floating-point register.'),
    ],
  }),
  'registers.json',
);

const ids = (group: string, spr: number | null, index: number): Partial<RegisterRecord> => ({
  group,
  spr,
  id: `0x103000000000${index.toString(16).padStart(4, '0')}`,
});

/** The rows of a cell of the small feed. */
export function smallRows(
  changes: Record<string, RegisterRecord> = {},
): Record<string, RegisterRecord> {
  return {
    LPCR: row('masked', { ...ids('hypervisor', 318, 0xb5), writable: '0x0000000003820000' }),
    HIOR: row('restricted', { ...ids('interrupt', 311, 1), writable: '0x00000000000000ff' }),
    MMCR0: row('exact', ids('pmu', 795, 0x10)),
    MMCR3: row('exact', ids('pmu', 754, 0xc1)),
    DEXCR: row('exact', ids('thread', 828, 0xc9)),
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `FPR${index}`,
        row('exact', ids('fpr', null, 0x20 + index)),
      ]),
    ),
    ...changes,
  };
}

const lost = row('lost', ids('pmu', 754, 0xc1));
const noDexcr = row('absent', ids('thread', 828, 0xc9));
const otherLpcr = row('masked', {
  ...ids('hypervisor', 318, 0xb5),
  writable: '0x0000000002020000',
});

/** Three kernels on two platforms; one cell of the six was not recorded. */
export const SMALL_RECORDS: readonly CellRecord[] = [
  record(
    { kernel: 'debian-6.1', platform: 'powernv8' },
    smallRows({ MMCR3: lost, DEXCR: noDexcr }),
  ),
  record(
    { kernel: 'debian-6.1', platform: 'powernv9' },
    smallRows({ MMCR3: lost, DEXCR: noDexcr, LPCR: otherLpcr }),
  ),
  record({ kernel: 'debian-6.12', platform: 'powernv8' }, smallRows()),
  record({ kernel: 'debian-6.12', platform: 'powernv9' }, smallRows()),
  record({ kernel: 'debian-7.2', platform: 'powernv9', qemu: '10.0.2' }, smallRows()),
];

const value = (digit: number): string => `0x000000000000000${digit}`;
const AGREES = { answer: 'agrees' } as const;

/** The small records, of which two rows say what a guest and a migration say. */
export const MIGRATED_RECORDS: readonly CellRecord[] = SMALL_RECORDS.map((cell) => {
  const { MMCR0, MMCR3 } = cell.registers;
  if (MMCR0 === undefined || MMCR3 === undefined) return cell;
  return {
    ...cell,
    registers: {
      ...cell.registers,
      MMCR0: {
        ...MMCR0,
        guest: { read: AGREES, write: { answer: 'traps', vector: '0x700' } },
        migrates: { answer: 'kept', guest: AGREES },
      },
      ...(MMCR3.support === 'lost'
        ? {
            MMCR3: {
              ...MMCR3,
              migrates: { answer: 'changed', saved: value(1), restored: value(0) },
            },
          }
        : {}),
    },
  };
});

const CELLS = SMALL_RECORDS.map(({ cell }) => cell);

/** Every migration between the kernels of a platform of the small feed, and one between platforms. */
export const SMALL_MIGRATIONS: readonly MeasuredMigration[] = CELLS.flatMap((to) =>
  CELLS.filter(({ kernel, platform }) => platform === to.platform || kernel === 'debian-7.2')
    .filter((from) => from.platform === to.platform || to.kernel === 'debian-6.12')
    .map((from): MeasuredMigration => {
      const isOld = to.kernel === 'debian-6.1';
      const isDown = isOld && from.kernel !== to.kernel;
      const outcome: MigrationOutcome = {
        kept: isOld ? 13 : 14,
        lost: [
          ...(isOld
            ? [
                {
                  ...{ register: 'MMCR3', how: 'masked' as const },
                  ...{ saved: value(1), restored: value(0), mask: value(1) },
                },
              ]
            : []),
          ...(isDown
            ? [{ register: 'DEXCR', how: 'unknown' as const, errno: 'EINVAL', saved: value(2) }]
            : []),
        ],
      };
      return { from, to, outcomes: new Map([['10.0.2', outcome]]) };
    }),
);

/**
 * The same, measured under QEMU 7.2.22 as well, but for those that come from debian-7.2; to debian-6.12 on
 * powernv9 an LPCR is lost there.
 */
export const MEASURED_MIGRATIONS: readonly MeasuredMigration[] = SMALL_MIGRATIONS.map(
  ({ from, to, outcomes }) => {
    const [outcome] = outcomes.values();
    if (outcome === undefined || from.kernel === 'debian-7.2') return { from, to, outcomes };
    const { kept, lost } = outcome;
    const loss = { register: 'LPCR', how: 'guest' as const };
    const isOther = to.kernel === 'debian-6.12' && to.platform === 'powernv9';
    const other = isOther ? { kept: kept - 1, lost: [...lost, loss] } : outcome;
    return { from, to, outcomes: new Map([...outcomes, ['7.2.22', other]]) };
  },
);

/** What says that QEMU 10.0 is the reference, and nothing else. */
export const REFERENCE: FeedEmulators = {
  ...{ line: '10.0', why: 'most runs use it' },
  ...{ measured: [], differences: [] },
};

/** The feed of some records as if they were baselines; the small ones by default. */
export function feedOf(
  records: readonly CellRecord[] = SMALL_RECORDS,
  changes: Partial<FeedInput> = {},
): Feed {
  return buildFeed({
    records: [],
    baselines: records,
    source: 'baselines',
    platforms: [
      { id: 'powernv8', title: 'POWER8 bare metal (OPAL), KVM-HV' },
      { id: 'powernv9', title: 'POWER9 bare metal (OPAL), KVM-HV' },
    ],
    facts: SMALL_FACTS,
    issues: [MMCR3_LOST],
    fields: { writable: 'Bits that kept both a 0 and a 1.', audit: 'What the guest sees.' },
    harness: { version: '0.1.0', commit: null },
    ...changes,
  });
}

/** The small feed with one cell in which some text is not what people expect there. */
export function feedWithText(changes: RecordChanges, note: string): Feed {
  const rows = smallRows({ MMCR0: row('volatile', { ...ids('pmu', 795, 0x10), note }) });
  return feedOf([...SMALL_RECORDS, record({ kernel: 'file-7.3', ...changes }, rows)]);
}

/**
 * As many cells as asked for, all registers in each: the committed baselines over and over, under
 * other kernel ids; every seventh answer has a fresh value of its own.
 */
export async function largeFeed(cells: number): Promise<Feed> {
  const real = await loadFeed();
  const answers = [...real.answers];
  const perKernel = 10;
  const fresh = (index: number | null, place: number): number | null => {
    const answer = index === null ? undefined : answers[index];
    if (answer?.reset == null || place % 7 !== 0) return index;
    const digits = answer.reset.length - 2;
    return answers.push({ ...answer, reset: `0x${place.toString(16).padStart(digits, '0')}` }) - 1;
  };
  return {
    ...real,
    kernels: Array.from({ length: Math.ceil(cells / perKernel) }, (_, index) => ({
      id: `debian-${6 + Math.floor(index / 20)}.${index % 20}`,
      line: `${6 + Math.floor(index / 20)}.${index % 20}`,
      version: null,
      family: { source: 'debian', byteOrder: 'little', pageSize: 65536 },
    })),
    cells: Array.from({ length: cells }, (_, index) => {
      const cell = real.cells[index % real.cells.length];
      if (cell === undefined) throw new RangeError('there is no baseline');
      const column = cell.answers.map((answer, place) => fresh(answer, index * 310 + place));
      return {
        ...cell,
        kernel: Math.floor(index / perKernel),
        platform: index % perKernel,
        answers: column,
      };
    }),
    answers,
    issues: real.issues.map((issue) => ({ ...issue, evidence: [] })),
  };
}

function fact(name: string, what: string, byDesign: readonly object[] = []): object {
  return {
    name,
    what,
    origin: 'Power ISA 2.07B',
    since: { in: '3.18', notIn: '3.17' },
    guest: { by: 'spr' },
    byDesign,
  };
}
