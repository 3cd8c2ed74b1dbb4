// Builds when what builds is installed. A tree without it is as good when it was built before.
'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = dirname(__dirname);
const isThere = (name) => existsSync(join(root, name));

if (isThere('node_modules/typescript') && isThere('node_modules/rolldown')) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 3;
} else if (!isThere('dist/bundle/cli.js')) {
  console.error(
    'sprmatrix is built by its development dependencies, which were left out (NODE_ENV=production or --omit=dev): run `npm ci --include=dev`; `npm prune --omit=dev` takes them away once it is built',
  );
  process.exitCode = 3;
}
