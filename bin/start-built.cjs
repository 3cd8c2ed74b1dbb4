// Starts the built program, or says in one line why there is none.
'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = dirname(__dirname);
const program = join(root, 'dist/bundle/cli.js');

// Node 22 and later keep what they compiled.
enableCompileCache?.();
if (existsSync(program)) {
  void import(pathToFileURL(program).href);
} else {
  console.error(`sprmatrix is not built yet: run \`npm ci --include=dev\` in ${root}`);
  process.exitCode = 3;
}
