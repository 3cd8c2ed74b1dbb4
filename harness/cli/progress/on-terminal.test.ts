import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@playwright/test';
import { onTerminal } from '../../../fixtures/on-terminal.js';

const widest = (text: string): number =>
  Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length));

for (const columns of [80, 140]) {
  test(`the lists fit into a terminal of ${columns} columns, and fold what is wide`, async () => {
    const { text, exitCode } = await onTerminal(columns, ['list', 'platforms']);
    expect(exitCode, text).toBe(0);
    expect(widest(text)).toBeLessThanOrEqual(columns);
    expect(widest(text)).toBeGreaterThan(columns === 80 ? 70 : 110);
    expect(text.replaceAll(/\s/g, '')).toContain('powernv11');
  });

  test(`the table of a cell fits into ${columns} columns, and its verdicts have colours and signs`, async () => {
    const { text, exitCode } = await onTerminal(columns, ['show', 'debian-6.1', 'powernv9']);
    expect(exitCode, text).toBe(0);
    const table = text.split('\n').filter((line) => /[│┌├└]/.test(line));
    expect(widest(table.join('\n'))).toBeLessThanOrEqual(columns);
    expect(text).toContain('\u001b[31mK lost\u001b[39m');
    expect(stripVTControlCharacters(text)).toMatch(/^K kernel bug, .*✓ works/m);
  });
}
