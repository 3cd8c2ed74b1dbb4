import { expect, test } from '@playwright/test';
import { PENDING } from '../sync/operation.js';
import { registerNamed } from '../sync/register-table.js';
import { Transcript } from './transcript.js';

const call = {
  id: registerNamed('DSCR').id,
  direction: 'put',
  value: 0x1fn,
  error: PENDING,
} as const;

/** The transcript's text, its times made zero. */
const textOf = (transcript: Transcript): string =>
  transcript.text().replaceAll(/^\+\d+\.\d{3}/gm, '+0.000');

test('requests are reported with what came of them, ONE_REG calls one by one', () => {
  const transcript = new Transcript();
  transcript.begin('KVM_OPEN')('16 bytes, answered by 16');
  const operations = [call, call, { ...call, direction: 'get' as const, value: 0n }];
  transcript.begin('EXECUTE', operations)('3 calls', [
    { ...call, error: 0 },
    { ...call, error: -22 },
    { ...call, direction: 'get', value: 0x1fn, error: 0 },
  ]);
  const wide = { id: registerNamed('VSR0').id, direction: 'get', value: 1n, error: 0 } as const;
  const unknown = { id: 0x1030_0000_0000_ffffn, direction: 'get', value: 0n, error: -6 } as const;
  transcript.begin('EXECUTE', [wide, unknown])('2 calls', [wide, unknown]);
  expect(textOf(transcript)).toBe(`+0.000 KVM_OPEN: 16 bytes, answered by 16
+0.000 EXECUTE: 3 calls
  put DSCR 0x000000000000001f
  put DSCR 0x000000000000001f EINVAL
  get DSCR 0x000000000000001f
+0.000 EXECUTE: 2 calls
  get VSR0 0x00000000000000000000000000000001
  get 0x103000000000ffff ENXIO
`);
});

test('a request that was never answered is reported with what it asked', () => {
  const transcript = new Transcript();
  transcript.begin('EXECUTE', [call]);
  expect(textOf(transcript)).toBe(
    '+0.000 EXECUTE: no answer came\n  put DSCR 0x000000000000001f not answered\n',
  );
  transcript.begin('RUN')('agent request RUN: no answer within 60000 ms');
  expect(textOf(transcript)).toContain(
    '+0.000 RUN: agent request RUN: no answer within 60000 ms\n',
  );
});
