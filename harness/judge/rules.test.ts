import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { repositoryPath } from '../base/paths.js';
import { RULE_NAMES, RULES } from './rules.js';

for (const file of ['known-issues.schema.json', 'feed.schema.json']) {
  test(`${file} has the names of the rules, in their order`, () => {
    const text = readFileSync(repositoryPath('matrix', 'schema', file), 'utf8');
    const enums = [...text.matchAll(/"enum": (\[[^\]]*\])/g)]
      .map(([, list = '']) => JSON.parse(list) as string[])
      .filter((list) => list.includes('baseline') && list.includes('monotonic'));
    expect(enums).toEqual([RULE_NAMES]);
  });
}

test('docs/rules.md lists every rule, what it is about and what it says', () => {
  const rows = readFileSync(repositoryPath('docs', 'rules.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((column) => column.trim()),
    );
  expect(rows).toEqual(
    RULE_NAMES.map((name) => [`\`${name}\``, RULES[name].about, RULES[name].says]),
  );
});
