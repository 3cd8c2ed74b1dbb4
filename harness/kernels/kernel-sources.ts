import { readFileSync } from 'node:fs';
import { repositoryPath } from '../base/paths.js';
import { compileSchema } from '../base/schema.js';
import type { KernelSources } from './kernels.generated.js';

const PATH = repositoryPath('matrix', 'kernels.json');

let known: KernelSources | undefined;

/** `matrix/kernels.json`, checked against its schema; read once. */
export function kernelSources(): KernelSources {
  if (known === undefined) {
    const check = compileSchema<KernelSources>(
      repositoryPath('matrix', 'schema', 'kernels.schema.json'),
    );
    known = check(JSON.parse(readFileSync(PATH, 'utf8')), PATH);
  }
  return known;
}
