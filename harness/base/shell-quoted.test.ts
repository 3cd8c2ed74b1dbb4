import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { shellQuoted } from './shell-quoted.js';

test('a shell reads every word back as it was', () => {
  const words = [
    'a',
    '',
    'two words',
    "it's",
    '$HOME `x` "y" \\',
    'line\nbreak',
    '--kernel=/a,b',
    '*',
  ];
  const script = `printf '%s\\0' ${words.map(shellQuoted).join(' ')}`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(
    words,
  );
});

test('a word without special characters stays bare', () => {
  expect(shellQuoted('--kernel=debian-6.12')).toBe('--kernel=debian-6.12');
});
