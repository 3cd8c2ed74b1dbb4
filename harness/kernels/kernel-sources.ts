import { repositoryPath } from '../base/paths.js';
import { compileSchema, readDataFile } from '../data/schema.js';
import type { KernelSources } from './kernels.generated.js';

const PATH = repositoryPath('matrix', 'kernels.json');

let known: KernelSources | undefined;

/** `matrix/kernels.json`, checked against its schema; read once. */
export function kernelSources(): KernelSources {
  known ??= readDataFile(
    PATH,
    compileSchema<KernelSources>(repositoryPath('matrix', 'schema', 'kernels.schema.json')),
  );
  return known;
}
