// `npm run check`: everything static that CI runs, and the C tests. One line a step; a failing
// step prints its output, and the others still run. `npm run check -- WORD...` runs the steps whose
// names hold one of the words.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findLongModules, findNamesakes } from './check-modules.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a step that succeeds has to tell, for the lines under its own. */
const notes = [];

/** Runs a command; returns its output when it fails. */
function run(command, ...args) {
  const { status, output } = spawn(command, args);
  return status === 0 ? undefined : output;
}

/** As `run`; what the command says when it succeeds becomes a note. */
function runAndTell(command, ...args) {
  const { status, output } = spawn(command, args);
  if (status !== 0) return output;
  if (output.trim() !== '') notes.push(output);
  return undefined;
}

function spawn(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    maxBuffer: 2 ** 26,
    encoding: 'utf8',
    // npm's own flags reach make through the environment, where they mean something else.
    env: { ...process.env, MAKEFLAGS: '' },
  });
  return error ? { status: 1, output: error.message } : { status, output: `${stdout}${stderr}` };
}

// A warning is an error here, and nowhere else.
const make = (folder, ...targets) => run('make', '--silent', '-C', folder, 'WERROR=1', ...targets);
const KNIP = ['--no-progress', '--no-config-hints'];
// A cross compiler or a qemu-user that is missing is no pass.
const EVERY_ARCHITECTURE = 'EXPECTED=ppc64le ppc64 ppc';
const NATIVE = 'harness/sync/native';
const AGENT = 'fixtures/guest';

/** A lock file with download addresses, or a file that names a registry or mirror of this machine. */
function findHosts() {
  const lock = readFileSync(`${root}/package-lock.json`, 'utf8');
  const problems = lock.includes('"resolved"')
    ? ['package-lock.json holds download addresses']
    : [];
  const sites = spawnSync('apt-get', ['indextargets', '--format', '$(SITE)'], { encoding: 'utf8' });
  const registry = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
  const hosts = new Set(
    `${sites.stdout ?? ''}\n${registry.stdout ?? ''}`
      .split('\n')
      .map((url) =>
        url
          .trim()
          .replace(/^[a-z+]+:\/\//, '')
          .replace(/\/.*/, ''),
      )
      .filter((host) => host.includes('.')),
  );
  for (const host of hosts) {
    const { stdout } = spawnSync('git', ['grep', '-lF', '--', host], {
      cwd: root,
      maxBuffer: 2 ** 26,
      encoding: 'utf8',
    });
    if (stdout) problems.push(`${host} is named in ${stdout.trim().replaceAll('\n', ', ')}`);
  }
  return problems.length === 0 ? undefined : problems.join('\n');
}

/** Links of the documents to files that are not there. */
function findDeadLinks() {
  const { stdout } = spawnSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' });
  const dead = stdout
    .trim()
    .split('\n')
    .flatMap((page) =>
      [...readFileSync(`${root}/${page}`, 'utf8').matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)]
        .map(([, target]) => target)
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page}: there is no ${target}`),
    );
  return dead.length === 0 ? undefined : dead.join('\n');
}

const STEPS = [
  ['types from the schemas', () => run('node', 'scripts/generate-types.js', '--force')],
  [
    'TypeScript',
    () =>
      run('npx', '--no', '--', 'tsc') ??
      run('npx', '--no', '--', 'tsc', '--project', 'reports/page'),
  ],
  ['lint', () => run('npx', '--no', '--', 'eslint', '.')],
  ['imports look down', () => run('node', 'scripts/check-imports.js')],
  [
    'every file and export is used, and not by tests alone',
    () =>
      run('npx', '--no', '--', 'knip', ...KNIP) ??
      run('npx', '--no', '--', 'knip', ...KNIP, '--production', '--include', 'files,exports'),
  ],
  [
    'layout of TypeScript, JSON and Markdown',
    () => run('npx', '--no', '--', 'prettier', '--check', '.'),
  ],
  ['workflows and action.yml', () => run('node', 'scripts/lint-workflows.js')],
  ['layout of C', () => make(NATIVE, 'format-check') ?? make(AGENT, 'format-check')],
  ['libsprsync and the agent build', () => make(NATIVE) ?? make(AGENT)],
  [
    'libsprsync with clang, with musl, and under any feature macros',
    () => make(NATIVE, 'test-clang') ?? make(NATIVE, 'test-musl', 'test-features'),
  ],
  [
    'libsprsync on ppc64le, ppc64 and ppc, emulated',
    () => make(NATIVE, EVERY_ARCHITECTURE, 'test-emulated'),
  ],
  ['the ABI of libsprsync is what abi.txt says', () => make(NATIVE, 'test-abi')],
  [
    "register ids equal the kernel's asm/kvm.h",
    () => make(NATIVE, EVERY_ARCHITECTURE, 'test-cross'),
  ],
  [
    'C tests with ASan and UBSan',
    () => make(NATIVE, 'test', 'test-sanitize') ?? make(AGENT, 'test'),
  ],
  [
    'libsprsync with TSan, valgrind and a seeded fuzzer',
    () => make(NATIVE, 'test-tsan', 'test-valgrind', 'test-fuzz'),
  ],
  ['sprsync(3) agrees with sprsync.h', () => make(NATIVE, 'test-man')],
  ['a project elsewhere builds from an install', () => make(NATIVE, 'test-install')],
  [
    "libsprsync's tarball, Meson build and Debian's hardening",
    () => make(NATIVE, 'test-dist', 'test-meson', 'test-hardening'),
  ],
  [
    'matrix data',
    () =>
      run('npm', 'run', '--silent', 'build') ?? runAndTell('node', 'dist/harness/check-data.js'),
  ],
  [
    'docs/findings and docs/qemu.md are of the data',
    () =>
      run('npm', 'run', '--silent', 'findings') ??
      run('git', 'diff', '--exit-code', 'docs/findings.md', 'docs/findings', 'docs/qemu.md'),
  ],
  ['links of the documents lead somewhere', findDeadLinks],
  ['long modules have a reason in CONTRIBUTING.md', () => findLongModules(root)],
  ['an exported name has one meaning', () => findNamesakes(root)],
  ['no registry or mirror is named', findHosts],
];

const words = process.argv.slice(2);
const isNamed = (word) => STEPS.some(([name]) => name.includes(word));
const unknown = words.filter((word) => !isNamed(word));
if (unknown.length > 0) {
  const names = STEPS.map(([name]) => `  ${name}`).join('\n');
  console.error(`no check's name holds "${unknown.join('", "')}"; the checks are\n${names}`);
  process.exit(2);
}
const chosen =
  words.length === 0 ? STEPS : STEPS.filter(([name]) => words.some((word) => name.includes(word)));

let failures = 0;
for (const [name, step] of chosen) {
  const startedAt = performance.now();
  const output = step();
  const time = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  console.log(`${output === undefined ? 'ok    ' : 'FAILED'} ${name} (${time})`);
  if (output !== undefined) failures += 1;
  for (const text of [output ?? [], notes.splice(0)].flat()) {
    console.log(text.trimEnd().replace(/^/gm, '    '));
  }
}
if (failures > 0) {
  console.log(
    `${failures} of ${chosen.length} checks failed; \`npm run fix\` mends layout and some lint`,
  );
  process.exitCode = 1;
}
