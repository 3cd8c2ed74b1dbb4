#!/usr/bin/env node
// `npm run report:allure [-- FOLDER]`: Allure's report of what `npm test -- --allure` wrote, with the
// history of the reports that were made here before. FOLDER is the run's --out.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = 'out'] = process.argv.slice(2);
const results = join(folder, 'allure-results');
const report = join(folder, 'allure-report');

function fail(message, hint, exitCode) {
  console.error(`report:allure: ${message}\n  hint: ${hint}`);
  process.exit(exitCode);
}

if (!existsSync(results) || readdirSync(results).length === 0) {
  fail(`no results in ${results}`, 'make them: npm test -- --allure', 2);
}
if (spawnSync('java', ['-version']).status !== 0) {
  fail(
    'Allure needs Java 17 or newer, and there is no `java` on PATH',
    'apt-get install openjdk-17-jre-headless',
    3,
  );
}
// Allure takes the trend of earlier reports from a folder among the results, and names a run by its order: the
// first is 1.
const history = join(report, 'history');
const trend = join(history, 'history-trend.json');
const order = existsSync(trend)
  ? (JSON.parse(readFileSync(trend, 'utf8'))[0]?.buildOrder ?? 0) + 1
  : 1;
writeFileSync(
  join(results, 'executor.json'),
  JSON.stringify({ name: 'sprmatrix', type: 'npm', buildOrder: order, buildName: `run ${order}` }),
);
if (existsSync(history)) {
  rmSync(join(results, 'history'), { recursive: true, force: true });
  cpSync(history, join(results, 'history'), { recursive: true });
}
// 25 MB that nothing else needs: npm fetches it the first time a report is made, and keeps it.
const ALLURE = 'allure-commandline@2.46.1';
const { status } = spawnSync(
  'npm',
  [
    ...['exec', '--yes', `--package=${ALLURE}`, '--'],
    ...['allure', 'generate', results, '--output', report, '--clean'],
  ],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(3);
console.log(`${report}/index.html: \`npx --package=${ALLURE} allure open ${report}\` shows it`);
