import { expect, test } from '@playwright/test';
import { record, row } from '../harness/record/record.fixture.js';
import { writeCsv } from './csv.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED, withHostile } from './testing/judged-feeds.js';

test('CSV has a line for each register of each cell', () => {
  const [head, ...lines] = writeCsv(SMALL_FEED).trimEnd().split('\n');
  expect(head).toBe(
    'kernel,platform,release,qemu,register,check,id,bits,spr,group,verdict,round-trip verdict,guest verdict,isolation verdict,migration verdict,support,get,put,reset,writable,refused,exceptions,digest,aliases,victims,guest,migrates,hostile,issues,deviations,note',
  );
  expect(lines).toHaveLength(6);
  expect(lines[1]).toBe(
    'debian-6.1,powernv9,6.1.0-50-powerpc64le,7.2.22,DSCR,,0x1030000000000001,64,,debug,kernel,kernel,untested,works,untested,lost,ok,ok,0x0000000000000000,0x0000000000000000,,,,,,,,,dscr-put-lost,,',
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

test('what a guest and a migration say has columns of its own, and a hostile check a line', () => {
  const differs = { answer: 'differs', kvm: '0x1', guest: '0x0' } as const;
  const lpcr = row('exact', {
    guest: { read: differs, write: { answer: 'agrees' } },
    migrates: { answer: 'changed', saved: '0x1', restored: '0x0' },
  });
  const [head = '', first = '', second = '', ...rest] = writeCsv(
    judgedFeedOf([withHostile(record({}, { LPCR: lpcr }))]),
  ).split('\n');
  expect(rest).toEqual(['']);
  expect(first).toContain(
    ',LPCR,,0x1030000000000001,64,,debug,unexplained,works,unexplained,works,',
  );
  expect(first).toContain(
    ',"read differs (KVM 0x1, guest 0x0), write agrees",changed (0x1 to 0x0),,,',
  );
  const columns = head.split(',');
  const fields = second.split(',');
  expect(fields[columns.indexOf('register')]).toBe('');
  expect(fields[columns.indexOf('check')]).toBe('race');
  expect(fields[columns.indexOf('verdict')]).toBe('unexplained');
  expect(fields[columns.indexOf('hostile')]).toBe('1 EIO; 1 unexpected');
});
