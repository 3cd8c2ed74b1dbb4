// Builds when what builds is installed and anything has changed since. A tree without it is as good when it was
// built before.
'use strict';

const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(__dirname);
const isThere = (name) => existsSync(join(root, name));

/** What a build reads, and of what it writes the ends of its steps. */
const FOLDERS = ['harness', 'fixtures', 'reports', 'matrix/schema', 'matrix/specs', 'scripts'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const INSTALLED = ['node_modules/.package-lock.json'];
const MADE = [
  'dist/.tsbuildinfo',
  'dist/bundle/cli.js',
  'dist/bundle/parts.json',
  'dist/report-page/index.html',
  'dist/schemas',
];
/** The state of all that after a build: the compiler takes 3 s to see that nothing has changed. */
const STAMP = join(root, 'dist/.built');

function stateOf(names) {
  const hash = createHash('sha256').update(process.version);
  for (const name of names) {
    const found = statSync(join(root, name), { throwIfNoEntry: false });
    hash.update(`${name} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();
}

function state() {
  const sources = [...FOLDERS.flatMap(filesBelow), ...FILES, ...INSTALLED];
  // A build makes these from the others, and may do so now.
  const written = sources.filter((name) => !name.includes('.generated.'));
  return { ofSources: stateOf(written), ofAll: stateOf([...sources, ...MADE]) };
}

function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === state().ofAll;
  } catch {
    return false; // never, or by an earlier version of this
  }
}

function build() {
  const before = state().ofSources;
  const startedAt = Date.now();
  // As harness/base/heartbeat.ts, which is not built yet: a log that stands still looks like a hang.
  const heartbeat = setInterval(() => {
    console.error(`build: ${Math.round((Date.now() - startedAt) / 1000)} s so far`);
  }, 8000);
  const child = spawn('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  child.on('close', (status) => {
    clearInterval(heartbeat);
    process.exitCode = status ?? 3;
    const after = state();
    // What was written meanwhile may have been read before.
    if (status !== 0 || after.ofSources !== before) return;
    writeFileSync(`${STAMP}.${process.pid}`, after.ofAll);
    renameSync(`${STAMP}.${process.pid}`, STAMP);
  });
}

if (isThere('node_modules/typescript') && isThere('node_modules/rolldown')) {
  if (!isBuilt()) build();
} else if (!isThere('dist/bundle/cli.js')) {
  console.error(
    'sprmatrix is built by its development dependencies, which were left out (NODE_ENV=production or --omit=dev): run `npm ci --include=dev`; `npm prune --omit=dev` takes them away once it is built',
  );
  process.exitCode = 3;
}
