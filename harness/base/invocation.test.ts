import { expect, test } from '@playwright/test';
import type { ProcessFacts } from './invocation.js';
import { programWords } from './invocation.js';
import { repositoryPath } from './paths.js';

const ROOT = '/home/ann/my sprmatrix';

/** Ways to start, and the words of `run` and of the gate that work from the same folder. */
const WAYS: [what: string, facts: Omit<ProcessFacts, 'root'>, run: string, test: string][] = [
  [
    'npm test in the checkout',
    {
      env: { npm_lifecycle_event: 'test', npm_command: 'test', INIT_CWD: ROOT },
      cwd: ROOT,
      script: `${ROOT}/dist/bundle/test-command.js`,
    },
    'npx sprmatrix run',
    'npm test --',
  ],
  [
    'npm test of the checkout from elsewhere',
    {
      env: { npm_lifecycle_event: 'test', npm_command: 'test', INIT_CWD: '/linux' },
      cwd: ROOT,
      script: `${ROOT}/dist/bundle/test-command.js`,
    },
    `'${ROOT}/bin/sprmatrix.cjs' run`,
    `npm --prefix '${ROOT}' test --`,
  ],
  [
    "scripts/gate from another project's folder",
    {
      env: {
        ...{ SPRMATRIX_GATE: '../my sprmatrix/scripts/gate', npm_command: 'run-script' },
        ...{ npm_lifecycle_event: 'ci', INIT_CWD: '/home/ann/linux' },
      },
      cwd: '/home/ann/linux',
      script: `${ROOT}/dist/bundle/test-command.js`,
    },
    `'${ROOT}/bin/sprmatrix.cjs' run`,
    `'../my sprmatrix/scripts/gate'`,
  ],
  [
    'the program of npm test by its path',
    { env: {}, cwd: '/linux', script: `${ROOT}/dist/bundle/test-command.js` },
    `'${ROOT}/bin/sprmatrix.cjs' run`,
    repositoryPath('scripts/gate'),
  ],
  [
    'npx in a project that depends on sprmatrix',
    {
      env: { npm_command: 'exec' },
      cwd: '/linux',
      script: '/linux/node_modules/.bin/sprmatrix',
    },
    'npx sprmatrix run',
    'npx sprmatrix test',
  ],
  [
    'by its name',
    { env: {}, cwd: '/linux', script: '/usr/local/bin/sprmatrix' },
    'sprmatrix run',
    'sprmatrix test',
  ],
  [
    "by a checkout's path",
    { env: {}, cwd: '/linux', script: `${ROOT}/bin/sprmatrix.cjs` },
    `'${ROOT}/bin/sprmatrix.cjs' run`,
    `'${ROOT}/bin/sprmatrix.cjs' test`,
  ],
];
for (const [what, facts, run, gate] of WAYS) {
  test(`lines that show a failure again work where it was started: ${what}`, () => {
    expect(programWords({ ...facts, root: ROOT })).toEqual({ run, test: gate });
  });
}
