import type { CellRecord } from '../../harness/record/cell-record.js';
import type { HostileCheck } from '../../harness/record/record.generated.js';
import { record, row } from '../../harness/record/record.fixture.js';
import type { Feed } from '../feed.js';
import { buildFeed } from '../feed.js';

/** Text that is markup, a formula or a mention wherever it is not escaped, with a control character. */
export const HOSTILE = '=1+1|<b>&"\'@all `x` ![i](http://x.y) \u0007]]>';

/** A feed of records, judged by baselines. */
export function judgedFeedOf(
  records: readonly CellRecord[],
  baselines: readonly CellRecord[] = [],
): Feed {
  return buildFeed({
    records,
    baselines,
    source: 'records',
    platforms: [
      { id: 'powernv8', title: 'POWER8 bare metal' },
      { id: 'powernv9', title: 'POWER9 bare metal' },
    ],
    facts: new Map(),
    issues: [
      {
        id: 'dscr-put-lost',
        registers: ['DSCR'],
        kernels: ['<=6.1'],
        platforms: ['*'],
        rule: 'put-lost',
        cause: 'kernel',
        what: 'a put of DSCR does nothing',
        source: 'arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv',
        fix: 'f9ca6a10be20479d526f27316cc32cfd1785ed39',
      },
    ],
    fields: {},
    harness: { version: '0.1.0', commit: '0123456789abcdef' },
  });
}

/** The record with a hostile check that was not answered as expected. */
export function withHostile(cell: CellRecord): CellRecord {
  const call = { call: 'get DAR', expected: 'ok', got: 'EIO' };
  const race: HostileCheck = { answers: { EIO: 1 }, unexpected: { count: 1, first: [call] } };
  return { ...cell, hostile: { ids: 1000, seed: 1, checks: { race } } };
}

const older = record({}, { LPCR: row('exact'), DSCR: row('lost'), DABR: row('absent') });
const newer = record(
  { kernel: 'debian-6.12' },
  { LPCR: row('masked'), DSCR: row('exact'), DABR: row('exact') },
);
const recorded = record({ kernel: 'debian-6.12' }, { ...newer.registers, LPCR: row('exact') });

/** Two kernels: the older loses DSCR, a known issue; the newer has DABR, and LPCR deviates. */
export const SMALL_FEED = judgedFeedOf([older, newer], [older, recorded]);
