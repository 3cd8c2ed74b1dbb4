import { stripVTControlCharacters } from 'node:util';
import { expect } from '@playwright/test';
import type { HostileRecord } from '../record/record.generated.js';
import { record, rejectionOf, row, test } from '../record/record.fixture.js';
import { writeRecord } from '../record/record-files.js';
import { showCommand } from './show-command.js';

const text = { json: false };
/** A kernel that no baseline is of. */
const KERNEL = 'vmlinux-mine';

test('a register of a record is reported with all that is known of it', async ({ folder }) => {
  const refused = [{ errno: 'EINVAL', value: '0xffffffffffffffff', bits: '0x000000000000000f' }];
  const registers = {
    LPCR: row('restricted', { spr: 318, refused, note: 'only on Mondays' }),
    DSCR: row('aliased', { aliases: ['LPCR', 'DABR'] }),
    DABR: row('untested'),
    VSCR: row('exact', {
      migrates: {
        ...{ answer: 'changed', saved: '0x0000000000000001', restored: '0x0000000000000000' },
        guest: { answer: 'traps', vector: '0x700' },
      },
    }),
  };
  await writeRecord(folder, record({ kernel: KERNEL }, registers));
  const show = async (register: string): Promise<string> =>
    showCommand(KERNEL, 'powernv9', register, { out: folder, ...text });
  const [own, elsewhere] = (await show('lpcr')).split(/^(?=elsewhere )/m);
  // What the baselines answer is theirs.
  expect(elsewhere).toMatch(/^elsewhere {3}masked, .*\n {14}.* on .*\n/);
  expect(`\n${own}${elsewhere?.split('\n').at(-1)}\n`).toBe(`
LPCR (SPR 318, ONE_REG 0x1030000000000001, 64 bits, group debug)
  what      Logical partition control, the lower half; the id came first and is too short for the register.
  origin    Power ISA 2.07B, Book III-S; ONE_REG id there in 3.18, not yet in 3.10
${KERNEL} on powernv9 (${folder}/records): restricted
  why       unexplained
  get       ok
  put back  ok
  fresh     0x0000000000000000
  writable  0x3333333333333333
  bits       63 00ww00ww 00ww00ww 00ww00ww 00ww00ww 32
             31 00ww00ww 00ww00ww 00ww00ww 00wwxxww 0
                w writable, 0 and 1 stuck, x refused, ? does not follow
  fields    stuck at 0: VPM0 63, VPM1 62, HVEE 46, HAIL 26, UPRT 22, ONL 18, MER 11, GTSE 10
            writable: ISL 61, ILE 25, EVIRT 21, HR 20, LD 17, TC 9, HEIC 4, HVICE 1, HDICE 0
            54 stuck at 0, 53-52 writable: DPFD 54-52
            51-50 stuck at 0, 49-48 writable, 47 stuck at 0: VRMASD 51-47
            24 writable, 23 stuck at 0: AIL 24-23
            16 writable, 15-14 stuck at 0, 13-12 writable: PECE 16-12
            refused: LPES 3-2
  refused   0xffffffffffffffff with EINVAL; single bits 0x000000000000000f
  note      only on Mondays
again: npx sprmatrix run --kernel=${KERNEL} --platform=powernv9 --register=LPCR
`);
  expect(await show('DSCR')).toContain('\n  answers as LPCR, DABR\n');
  expect(await show('VSCR')).toContain(
    '\n  migrates  changed (0x0000000000000001 to 0x0000000000000000), the guest traps to 0x700\n',
  );
  expect(await show('DABR')).toContain(
    ': untested\n  get       not asked\n  put back  not asked\n  fresh     -\n  writable  -\n',
  );
});

test('what a register answers is reported with its reason', async ({ folder }) => {
  const registers = {
    DPDES: row('masked', { writable: '0x0000000000000001' }),
    MMCR3: row('lost'),
    DBSR: row('absent', { size: 32 }),
    PURR: row('exact'),
  };
  await writeRecord(folder, record({ kernel: KERNEL }, registers));
  const whysOf = async (register: string): Promise<string[]> =>
    (await showCommand(KERNEL, 'powernv9', register, { out: folder, ...text }))
      .split('\n')
      .filter((line) => line.startsWith('  why '));
  expect(await whysOf('DPDES')).toEqual([
    '  why       From POWER9 on KVM emulates doorbells, and one vCPU has a single one that can be pending. (arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv)',
  ]);
  expect((await whysOf('MMCR3')).join()).toMatch(/^ {2}why {7}known issue mmcr3-put-lost: /);
  expect((await whysOf('DBSR')).join()).toContain('no kernel since 5.10 has a case for it.');
  expect(await whysOf('PURR')).toEqual([]);
});

test('a cell is reported with its kernel, its machine, its KVM and its table', async ({
  folder,
}) => {
  await writeRecord(folder, record({ kernel: KERNEL, package: null }));
  const shown = await showCommand(KERNEL, 'powernv9', undefined, { out: folder, ...text });
  expect(`\n${stripVTControlCharacters(shown)}\n`).toBe(`
${KERNEL} on powernv9 (${folder}/records)
kernel: 6.1.0-50-powerpc64le #1 SMP Debian 6.1.176-1 (file), little endian, pages of 65536 bytes
machine: QEMU 7.2.22 -machine powernv9 -cpu POWER9 (tcg)
KVM-HV: KVM_CAP_ONE_REG KVM_CAP_PPC_HIOR
┌───────────┬──────────────┐
│ register  │ ${KERNEL} │
│           │ powernv9     │
├───────────┼──────────────┤
│ debug (3) │ 1S 2✓        │
│ all (3)   │ 1S 2✓        │
└───────────┴──────────────┘
S kept for ONE_REG alone, ✓ works
`);
});

test('the hostile calls of a cell are reported check by check, with what was not as expected', async ({
  folder,
}) => {
  const hostile: HostileRecord = {
    ...{ ids: 5000, seed: 7 },
    checks: {
      sizes: { answers: { EINVAL: 32 } },
      'random-ids': {
        answers: { EINVAL: 9999, ok: 1 },
        unexpected: { count: 1, first: [{ call: 'put 0x1', expected: 'EINVAL', got: 'ok' }] },
        log: ['WARNING: at f'],
      },
      race: { answers: {}, died: { how: 'the kernel failed', console: ['Oops: -'] } },
    },
  };
  await writeRecord(folder, { ...record({ kernel: KERNEL }), hostile });
  const shown = await showCommand(KERNEL, 'powernv9', undefined, { out: folder, ...text });
  expect(shown.slice(shown.indexOf('hostile'))).toBe(`hostile calls (5000 random ids of seed 7):
  sizes              32 EINVAL
  random-ids         9999 EINVAL, 1 ok; 1 unexpected; 1 in the kernel's log
    put 0x1: ok instead of EINVAL
    kernel log: WARNING: at f
  race               the host died (the kernel failed)
    console: Oops: -`);
});

test('with --json a record is what it is on disk, and a register all that is known of it', async ({
  folder,
}) => {
  const mine = record({ kernel: KERNEL });
  await writeRecord(folder, mine);
  const show = async (register?: string): Promise<unknown> =>
    JSON.parse(await showCommand(KERNEL, 'powernv9', register, { out: folder, json: true }));
  expect(await show()).toEqual(mine);
  expect(await show('LPCR')).toMatchObject({
    register: 'LPCR',
    cell: mine.cell,
    fact: { since: { in: '3.18', notIn: '3.10' } },
    answer: mine.registers['LPCR'],
    fields: { writable: expect.arrayContaining([{ name: 'ILE', high: 25, low: 25 }]) },
    reasons: [],
    knownIssues: [],
  });
});

test('an SPR that a deep run scanned is shown with what a guest found', async ({ folder }) => {
  const answers = { '812-UDEXCR': 'the guest writes it' };
  const faults = { '812-UDEXCR': 'an id' };
  const states = { 'spr-scan': { answers, faults } };
  await writeRecord(folder, { ...record({ kernel: KERNEL }), deep: true, states });
  const lines = (await showCommand(KERNEL, 'powernv9', '812', { out: folder, ...text })).split(
    '\n',
  );
  expect(lines.slice(-3)).toEqual([
    `vmlinux-mine on powernv9 (${folder}/records): the guest writes it`,
    '  expected  an id',
    'again: npx sprmatrix run --kernel=vmlinux-mine --platform=powernv9 --deep',
  ]);
  expect(await showCommand(KERNEL, 'powernv9', '813', { out: folder, ...text })).toContain(
    'no guest of this record found anything there',
  );
});

test('an SPR without a row is shown with what carries it', async ({ folder }) => {
  await writeRecord(folder, record({ kernel: KERNEL }));
  expect(await showCommand(KERNEL, 'powernv9', '26', { out: folder, ...text })).toBe(
    [
      'SRR0 (SPR 26): save and restore: address; no ONE_REG id of its own',
      '  carried by KVM_GET_REGS',
      `vmlinux-mine on powernv9 (${folder}/records): not asked: only --deep scans SPRs`,
      'again: npx sprmatrix run --kernel=vmlinux-mine --platform=powernv9 --deep',
    ].join('\n'),
  );
});

test('a register that the record has not is reported with those that it has', async ({
  folder,
}) => {
  await writeRecord(folder, record({ kernel: KERNEL }));
  const error = await rejectionOf(
    showCommand(KERNEL, 'powernv9', 'LPCRR', { out: folder, ...text }),
  );
  expect([error.kind, error.message]).toEqual([
    'usage',
    'no register matches "LPCRR" (nearest first: LPCR, DSCR, DABR)',
  ]);
});

test('a cell that was never recorded is reported with the command that records it', async ({
  folder,
}) => {
  await writeRecord(folder, record({ kernel: KERNEL }));
  const error = await rejectionOf(
    showCommand(KERNEL, 'powernv8', undefined, { out: folder, ...text }),
  );
  expect([error.code, error.kind, error.hint]).toEqual([
    'UNKNOWN_CELL',
    'usage',
    `did you mean ${KERNEL} powernv9? record it: npx sprmatrix run --kernel=${KERNEL} --platform=powernv8`,
  ]);
  expect(error.message).toContain(
    `no cell matches "${KERNEL} powernv8" (nearest first: ${KERNEL} powernv9`,
  );
});
