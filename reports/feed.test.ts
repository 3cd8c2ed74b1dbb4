import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../harness/base/paths.js';
import { compileSchema } from '../harness/data/schema.js';
import type { KnownIssue } from '../harness/judge/known-issues.js';
import { record, row } from '../harness/record/record.fixture.js';
import { parseRegisterFacts } from '../harness/record/register-facts.js';
import type { Feed, FeedInput } from './feed.js';
import { buildFeed } from './feed.js';
import { loadFeed } from './load-feed.js';

const checkFeed = compileSchema<Feed>(repositoryPath('matrix/schema/feed.schema.json'));

const MMCR3_LOST: KnownIssue = {
  id: 'mmcr3-put-lost',
  registers: ['MMCR3'],
  kernels: ['<=6.1'],
  platforms: ['powernv*'],
  rule: 'put-lost',
  cause: 'kernel',
  what: 'a put of MMCR3 does nothing',
  source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv',
};

const facts = parseRegisterFacts(
  JSON.stringify({
    registers: [
      {
        name: 'LPCR',
        what: 'Logical partitioning control.',
        origin: 'Power ISA 2.07B, Book III-S',
        since: { in: '3.14', notIn: '3.13' },
        guest: { by: 'spr' },
        byDesign: [
          {
            support: 'masked',
            why: 'some bits are the hypervisor’s',
            source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr',
          },
        ],
      },
      {
        name: 'MMCR3',
        what: 'PMU.',
        origin: 'Power ISA 3.1',
        since: { in: '5.10' },
        guest: { by: 'spr' },
        byDesign: [],
      },
    ],
  }),
  'registers.json',
);

const platforms = [
  { id: 'powernv8', title: 'POWER8 bare metal' },
  { id: 'powernv9', title: 'POWER9 bare metal' },
];

function input(changes: Partial<FeedInput>): FeedInput {
  return {
    records: [],
    baselines: [],
    source: 'baselines',
    platforms,
    facts,
    issues: [MMCR3_LOST],
    fields: { get: 'Get on a fresh vCPU.' },
    harness: { version: '0.1.0', commit: null },
    ...changes,
  };
}

const FAMILY = { source: 'debian', byteOrder: 'little', pageSize: 65536 } as const;
const old = record({ kernel: 'debian-6.1' }, { LPCR: row('masked'), MMCR3: row('lost') });
const newer = record({ kernel: 'debian-6.12' }, { LPCR: row('masked'), MMCR3: row('exact') });

test('a feed of baselines follows its schema and names things by their index', () => {
  const feed = buildFeed(input({ baselines: [newer, old] }));
  checkFeed(feed, 'the feed');
  expect(feed.kernels).toEqual([
    { id: 'debian-6.1', family: FAMILY, line: '6.1', version: '6.1.176' },
    { id: 'debian-6.12', family: FAMILY, line: '6.12', version: '6.12.176' },
  ]);
  expect(feed.platforms).toEqual([{ id: 'powernv9', title: 'POWER9 bare metal' }]);
  expect(feed.registers.map(({ name, since }) => [name, since])).toEqual([
    ['LPCR', 'since 3.14'],
    ['MMCR3', 'there in 5.10'],
  ]);
  expect(
    feed.cells.map(({ kernel, platform, answers }) => ({ kernel, platform, answers })),
  ).toEqual([
    { kernel: 0, platform: 0, answers: [0, 1] },
    { kernel: 1, platform: 0, answers: [0, 2] },
  ]);
  expect(feed.answers.map(({ support, reasons }) => [support, reasons])).toEqual([
    ['masked', [0]],
    ['lost', [1]],
    ['exact', undefined],
  ]);
  expect(feed.answers.map(({ verdict }) => feed.verdicts[verdict]?.kind)).toEqual([
    ...['design', 'kernel', 'works'],
  ]);
  expect(feed.reasons).toEqual([
    {
      why: 'some bits are the hypervisor’s',
      source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_lpcr',
      cause: 'design',
    },
    {
      ...{ why: MMCR3_LOST.what, source: MMCR3_LOST.source },
      ...{ cause: 'kernel', issue: 'mmcr3-put-lost' },
    },
  ]);
});

test('an issue has the cells and registers that show it, with what was expected and what came', () => {
  const { issues, deviations } = buildFeed(input({ baselines: [old, newer] }));
  expect(issues).toEqual([
    {
      ...MMCR3_LOST,
      evidence: [
        {
          cell: 0,
          registers: [1],
          message:
            'MMCR3 on debian-6.1/powernv9: expected some bit to follow a put that succeeds, got success and still 0x0000000000000000 [put-lost]',
          difference:
            'expected some bit to follow a put that succeeds, got success and still 0x0000000000000000 [put-lost]',
        },
      ],
    },
  ]);
  expect(deviations).toEqual([]);
});

test('records are judged by the baselines that the feed does not show', () => {
  const broken = record(
    { kernel: 'debian-6.12' },
    { LPCR: row('absent'), MMCR3: row('exact', { reset: `0x${'1'.repeat(16)}` }) },
  );
  const feed = buildFeed(input({ records: [broken], baselines: [old, newer], source: 'records' }));
  checkFeed(feed, 'the feed');
  expect(feed.cells.map(({ origin }) => origin)).toEqual(['record']);
  expect(
    feed.deviations.map(({ cell, register, rule, since }) => [cell, register, rule, since]),
  ).toEqual([
    [0, 0, 'baseline', 'debian-6.1'],
    [0, 0, 'monotonic', 'debian-6.1'],
    [0, 1, 'baseline', 'debian-6.12'],
  ]);
});

test('with both, a cell is its record, and its baseline where it has none', () => {
  const again = record({ kernel: 'debian-6.12' }, { LPCR: row('exact'), MMCR3: row('exact') });
  const feed = buildFeed(input({ records: [again], baselines: [old, newer], source: 'both' }));
  expect(feed.cells.map(({ kernel, origin }) => [feed.kernels[kernel]?.id, origin])).toEqual([
    ['debian-6.1', 'baseline'],
    ['debian-6.12', 'record'],
  ]);
});

test('a register that one record lacks has no answer there', () => {
  const short = record({ kernel: 'debian-6.1' }, { MMCR3: row('exact') });
  const feed = buildFeed(input({ baselines: [short, newer] }));
  expect(feed.registers.map(({ name }) => name)).toEqual(['LPCR', 'MMCR3']);
  expect(feed.cells.map(({ answers }) => answers)).toEqual([
    [null, 0],
    [1, 0],
  ]);
});

test('a platform and a register that sprmatrix does not know come last, under their own names', () => {
  const strange = record({ platform: 'powernv12' }, { NEWREG: row('exact'), LPCR: row('exact') });
  const feed = buildFeed(input({ baselines: [strange, newer] }));
  checkFeed(feed, 'the feed');
  expect(feed.platforms.map(({ id, title }) => [id, title])).toEqual([
    ['powernv9', 'POWER9 bare metal'],
    ['powernv12', 'powernv12'],
  ]);
  expect(feed.registers.map(({ name }) => name)).toEqual(['LPCR', 'MMCR3', 'NEWREG']);
});

test('what a later probe adds to a row or to a record is in the feed', () => {
  const later = { ...row('exact'), audit: { agrees: true }, tomorrow: 'yes' };
  const withVictims = { ...record({}, { LPCR: later }), isolation: { victims: ['DSCR'] } };
  const feed = buildFeed(input({ baselines: [withVictims] }));
  checkFeed(feed, 'the feed');
  expect(feed.answers[0]).toMatchObject({ audit: { agrees: true }, tomorrow: 'yes' });
  expect(feed.cells[0]).toMatchObject({ isolation: { victims: ['DSCR'] } });
});

test('the feed of the committed baselines follows its schema and is compact', async () => {
  const feed = await loadFeed();
  checkFeed(feed, 'the feed');
  expect(feed.registers).toHaveLength(310);
  expect(feed.fields['writable']).toBe(
    'Bits that kept both a 0 and a 1; null where no round trip could be made.',
  );
  expect(JSON.stringify(feed).length).toBeLessThan(feed.cells.length * 10_000);
});

test('the feed names the same rules and support values as the schemas of what it is made from', async () => {
  const readSchema = async (name: string): Promise<{ definitions: Record<string, unknown> }> =>
    JSON.parse(
      await readFile(repositoryPath('matrix/schema', `${name}.schema.json`), 'utf8'),
    ) as never;
  const feed = (await readSchema('feed')).definitions;
  const issue = (await readSchema('known-issues')).definitions['issue'];
  expect(feed['answer']).toMatchObject({
    properties: {
      support: {
        enum: ((await readSchema('record')).definitions['support'] as { enum: string[] }).enum,
      },
    },
  });
  expect(issue).toMatchObject({
    properties: { rule: { enum: (feed['rule'] as { enum: string[] }).enum } },
  });
});
