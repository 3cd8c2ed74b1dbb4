import { expect, test } from '@playwright/test';
import { record, row } from '../harness/record/record.fixture.js';
import { writeCsv } from './csv.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED } from './testing/judged-feeds.js';

test('CSV has a line for each register of each cell', () => {
  const [head, ...lines] = writeCsv(SMALL_FEED).trimEnd().split('\n');
  expect(head).toBe(
    'kernel,platform,release,qemu,register,id,bits,spr,group,support,get,put,reset,writable,refused,exceptions,digest,aliases,victims,guest,migrates,issues,deviations,note',
  );
  expect(lines).toHaveLength(6);
  expect(lines[1]).toBe(
    'debian-6.1,powernv9,6.1.0-50-powerpc64le,7.2.22,DSCR,0x1030000000000001,64,,debug,lost,ok,ok,0x0000000000000000,0x0000000000000000,,,,,,,,dscr-put-lost,,',
  );
  expect(lines[3]).toContain(',"LPCR on debian-6.12/powernv9: expected exact, ');
});

test('a text that is a formula or holds quotes is one field and no formula', () => {
  const note = `${HOSTILE}\nnext`;
  const text = writeCsv(
    judgedFeedOf([record({ release: HOSTILE }, { LPCR: row('volatile', { note }) })]),
  );
  const quoted = HOSTILE.replaceAll('"', '""');
  expect(text).toContain(`,"'${quoted}",7.2.22,`);
  expect(text.endsWith(`,"'${quoted}\nnext"\n`)).toBe(true);
});
