import { expect, test } from '@playwright/test';
import { create } from 'xmlbuilder2';
import { record, row } from '../harness/record/record.fixture.js';
import { writeJunit } from './junit.js';
import { judgedFeedOf, HOSTILE, SMALL_FEED, withHostile } from './testing/judged-feeds.js';

test('JUnit has a suite for each cell and a test for each register; a deviation is a failure', () => {
  expect(writeJunit(SMALL_FEED)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sprmatrix" tests="6" failures="1" errors="0">
  <testsuite name="debian-6.1/powernv9" tests="3" failures="0" errors="0" skipped="0" time="1.700">
    ${properties('6.1')}
    <testcase name="LPCR" classname="sprmatrix.debian-6_1.powernv9" time="0">
      <system-out>verdict: works
round trip: works (exact)
isolation: works</system-out>
    </testcase>
    <testcase name="DSCR" classname="sprmatrix.debian-6_1.powernv9" time="0">
      <system-out>verdict: kernel bug
round trip: kernel bug (lost)
isolation: works
known issue dscr-put-lost (kernel): a put of DSCR does nothing In: arch/powerpc/kvm/book3s_hv.c: kvmppc_set_one_reg_hv; fixed by f9ca6a10be20</system-out>
    </testcase>
    <testcase name="DABR" classname="sprmatrix.debian-6_1.powernv9" time="0">
      <system-out>verdict: absent
round trip: absent (absent (EINVAL))</system-out>
    </testcase>
  </testsuite>
  <testsuite name="debian-6.12/powernv9" tests="3" failures="1" errors="0" skipped="0" time="1.700">
    ${properties('6.12')}
    <testcase name="LPCR" classname="sprmatrix.debian-6_12.powernv9" time="0">
      <failure type="deviation" message="LPCR on debian-6.12/powernv9: expected exact, writable 0xffffffffffffffff (exact since debian-6.1), got masked, writable 0x3333333333333333 [baseline]">LPCR on debian-6.12/powernv9: expected exact, writable 0xffffffffffffffff (exact since debian-6.1), got masked, writable 0x3333333333333333 [baseline]
again: npm test -- --kernel=debian-6.12 --platform=powernv9 --register=LPCR</failure>
      <system-out>verdict: unexplained
round trip: unexplained (masked)
isolation: works</system-out>
    </testcase>
    <testcase name="DSCR" classname="sprmatrix.debian-6_12.powernv9" time="0">
      <system-out>verdict: works
round trip: works (exact)
isolation: works</system-out>
    </testcase>
    <testcase name="DABR" classname="sprmatrix.debian-6_12.powernv9" time="0">
      <system-out>verdict: works
round trip: works (exact)
isolation: works</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

function properties(line: string): string {
  const lines = [
    ['kernel release', `${line}.0-50-powerpc64le`],
    ['kernel version', `#1 SMP Debian ${line}.176-1`],
    ['kernel sha256', 'a'.repeat(64)],
    ['qemu', '7.2.22'],
    ['machine', 'powernv9'],
    ['cpu', 'POWER9'],
  ].map(([name, value]) => `      <property name="${name ?? ''}" value="${value ?? ''}"/>`);
  return ['<properties>', ...lines, '    </properties>'].join('\n');
}

test('what the harness failed at is an error, what was not asked is skipped', () => {
  const text = writeJunit(
    judgedFeedOf([
      record({}, { LPCR: row('error', { note: 'no answer' }), DSCR: row('untested') }),
    ]),
  );
  expect(text).toContain('tests="2" failures="0" errors="1" skipped="1"');
  expect(text).toContain('<error type="harness" message="no answer"/>');
  expect(text).toContain('<skipped message="not asked"/>');
});

test('a hostile check is a test with a name of its own, and a deviation of it a failure', () => {
  const text = writeJunit(judgedFeedOf([withHostile(record())]));
  expect(text).toContain('calls: 1 EIO; 1 unexpected</system-out>');
  expect(text).toContain('tests="4" failures="1" errors="0" skipped="0"');
  expect(text).toContain(
    '<testcase name="hostile race" classname="sprmatrix.debian-6_1.powernv9" time="0">',
  );
  expect(text).toContain(
    'again: npm test -- --kernel=debian-6.1 --platform=powernv9 --hostile=1000:1</failure>',
  );
});

test('whatever a kernel says of itself is text, and the whole stays XML', () => {
  const text = writeJunit(
    judgedFeedOf([record({ release: HOSTILE }, { LPCR: row('error', { note: HOSTILE }) })]),
  );
  const escaped = HOSTILE.replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace('\u0007', '\ufffd');
  expect(text).toContain(`<property name="kernel release" value="${escaped}"/>`);
  expect(text).toContain(`<error type="harness" message="${escaped}"/>`);
  expect(() => create(text)).not.toThrow();
});
