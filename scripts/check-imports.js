// Imports look down: each room of the house imports only from the rooms that ROOMS names, no module imports
// itself by a detour, and a permission that nothing uses any more is an error. Type imports and dynamic
// imports count. `node scripts/check-imports.js`, part of `npm run check`.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each room, lowest first, and the rooms below it that it imports from. CONTRIBUTING.md says what is in them. */
const ROOMS = {
  'harness/base': [],
  'harness/data': ['harness/base'],
  'harness/cache': ['harness/base'],
  'harness/sync': ['harness/base'],
  'harness/agent': ['harness/base', 'harness/sync'],
  'harness/debian': ['harness/base'],
  'harness/kernels': ['harness/base', 'harness/data', 'harness/debian'],
  'harness/machine': [
    'harness/base',
    'harness/data',
    'harness/cache',
    'harness/agent',
    'harness/debian',
  ],
  'harness/hardware': ['harness/base', 'harness/sync', 'harness/agent', 'harness/machine'],
  'harness/record': ['harness/base', 'harness/data', 'harness/sync'],
  'harness/judge': ['harness/base', 'harness/data', 'harness/record'],
  'harness/probe': ['harness/base', 'harness/sync', 'harness/agent', 'harness/record'],
  'harness/cell': [
    'harness/base',
    'harness/data',
    'harness/sync',
    'harness/agent',
    'harness/kernels',
    'harness/machine',
    'harness/hardware',
    'harness/record',
    'harness/judge',
    'harness/probe',
  ],
  reports: ['harness/base', 'harness/machine', 'harness/record', 'harness/judge'],
  fixtures: [
    'harness/base',
    'harness/data',
    'harness/sync',
    'harness/debian',
    'harness/kernels',
    'harness/machine',
    'harness/record',
    'harness/judge',
    'harness/probe',
    'harness/cell',
  ],
  'harness/cli': [
    'harness/base',
    'harness/cache',
    'harness/sync',
    'harness/debian',
    'harness/kernels',
    'harness/machine',
    'harness/hardware',
    'harness/record',
    'harness/judge',
    'harness/probe',
    'harness/cell',
    'reports',
    'fixtures',
  ],
  'harness/bench': [
    'harness/base',
    'harness/sync',
    'harness/agent',
    'harness/debian',
    'harness/kernels',
    'harness/machine',
    'harness/record',
    'harness/judge',
    'harness/probe',
    'harness/cell',
    'harness/cli',
  ],
  // The programs: harness/cli.ts, harness/test-command.ts and the like.
  harness: [
    'harness/base',
    'harness/sync',
    'harness/kernels',
    'harness/machine',
    'harness/record',
    'harness/judge',
    'harness/cell',
    'reports',
    'harness/cli',
    'harness/bench',
  ],
  'matrix/specs': [
    'harness/base',
    'harness/sync',
    'harness/agent',
    'harness/kernels',
    'harness/machine',
    'harness/record',
    'harness/judge',
    'harness/probe',
    'harness/cell',
    'reports',
    'fixtures',
  ],
};

/** What only a room's tests import. */
const TEST_ROOMS = {
  reports: ['harness/data'],
};

const NAMES = Object.keys(ROOMS);

const isTest = (path) => /\.(test|fixture)\.tsx?$|\/testing\//.test(path);

/** The room of a file, or undefined for one that stands in none. */
function roomOf(path) {
  if (/^harness\/[^/]+\.ts$/.test(path)) return 'harness';
  return NAMES.find((name) => name !== 'harness' && path.startsWith(`${name}/`));
}

const { output } = await cruise(['harness', 'fixtures', 'reports', 'matrix/specs'], {
  baseDir: root,
  doNotFollow: 'node_modules',
  exclude: '(^|/)(node_modules|dist|build)/',
  tsPreCompilationDeps: true,
  validate: true,
  ruleSet: {
    forbidden: [{ name: 'no-circles', severity: 'error', from: {}, to: { circular: true } }],
  },
});

const faults = new Set();
for (const [index, name] of NAMES.entries()) {
  for (const below of ROOMS[name]) {
    if (!NAMES.slice(0, index).includes(below)) faults.add(`ROOMS: ${below} is not below ${name}`);
  }
}
const used = new Set();
for (const { source, dependencies } of output.modules) {
  const from = roomOf(source);
  if (from === undefined) continue;
  for (const { resolved } of dependencies) {
    const to = roomOf(resolved);
    if (to === undefined || to === from) continue;
    const isOfTest = isTest(source) && !ROOMS[from].includes(to);
    used.add(`${isOfTest ? 'test ' : ''}${from} ${to}`);
    const allowed = isOfTest ? (TEST_ROOMS[from] ?? []) : ROOMS[from];
    if (!allowed.includes(to)) {
      faults.add(`${source} imports ${resolved}: ${from} does not import from ${to}`);
    }
  }
}
for (const [table, prefix, rooms] of [
  ['ROOMS', '', ROOMS],
  ['TEST_ROOMS', 'test ', TEST_ROOMS],
]) {
  for (const [from, names] of Object.entries(rooms)) {
    for (const to of names.filter((name) => !used.has(`${prefix}${from} ${name}`))) {
      faults.add(`${table}: nothing in ${from} imports from ${to} any more; take it out`);
    }
  }
}
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ');
  faults.add(`${rule.name}: ${from} -> ${way}`);
}

for (const fault of faults) console.error(fault);
if (faults.size > 0) {
  console.error(`${faults.size} imports are not as scripts/check-imports.js has them`);
  process.exitCode = 1;
}
