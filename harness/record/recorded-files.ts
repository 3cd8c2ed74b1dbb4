import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryPath } from '../base/paths.js';
import { sealFault } from '../data/seal.js';

/** Folders of matrix/ that runs alone write, and what writes each again. */
const FOLDERS = [
  ['baseline', '--update-baseline'],
  ['migration', 'migrate --all --update-baseline'],
] as const;

/** The files of matrix/ that are not as a run wrote them, a line each. */
export async function handEditedFiles(top: string = repositoryPath('matrix')): Promise<string[]> {
  const faults: string[] = [];
  for (const [folder, again] of FOLDERS) {
    const files = await readdir(join(top, folder), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.json')).sort()) {
      const fault = sealFault(await readFile(join(top, folder, file), 'utf8'));
      if (fault === undefined) continue;
      faults.push(
        `matrix/${folder}/${file}: ${fault}: it was not written by a run, or edited since; record it again (${again})`,
      );
    }
  }
  return faults;
}
