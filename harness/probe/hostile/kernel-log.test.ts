import { expect, test } from '@playwright/test';
import { lastWords, warningsOf } from './kernel-log.js';

test('warnings and worse are reported once, information and what processes wrote are not', () => {
  const log = [
    '6,1,100,-;KVM: ready',
    '4,2,101,-;kvmppc: id 0x1030000000000fff is odd',
    '4,3,102,-;kvmppc: id 0x1030000000000ffe is odd',
    '3,4,103,-;an error\u001b[31m',
    ' SUBSYSTEM=misc',
    '12,5,104,-;of a process',
    '',
  ].join('\n');
  expect(warningsOf(log)).toEqual(['kvmppc: id - is odd', 'an error[31m']);
});

test("of a WARN's dump the line that says where it was is reported", () => {
  const log = [
    '4,1,1,-;------------[ cut here ]------------',
    '4,2,1,-;WARNING: CPU: 0 PID: 77 at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2 [kvm_hv]',
    '4,3,1,-;Modules linked in: kvm_hv kvm',
    '4,4,1,-;NIP [c000000000123456] f+0x1/0x2',
    '4,5,1,-;---[ end trace 0000000000000000 ]---',
    '4,6,1,-;after it',
  ].join('\n');
  expect(warningsOf(log)).toEqual([
    'WARNING: CPU: 0 PID: - at arch/powerpc/kvm/book3s_hv.c:12 f+0x1/0x2 [kvm_hv]',
    'after it',
  ]);
});

test('the last words of a console end where the kernel failed, and have no times', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `[    0.0${index}] line ${index}`);
  expect(
    lastWords([...lines, '[    1.5] Kernel panic - not syncing: x', '[  5.4,2] NVRAM']),
  ).toEqual([
    ...Array.from({ length: 7 }, (_, index) => `line ${13 + index}`),
    'Kernel panic - not syncing: x',
  ]);
  expect(lastWords(['a', 'b'])).toEqual(['a', 'b']);
});
