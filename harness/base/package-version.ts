import { readFileSync } from 'node:fs';
import { repositoryPath } from './paths.js';

/** sprmatrix's version, of package.json. */
export function packageVersion(): string {
  const text = readFileSync(repositoryPath('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
