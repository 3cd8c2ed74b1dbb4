import { readdirSync } from 'node:fs';
import { REPORT_FORMATS } from '../../../reports/formats.js';
import { repositoryPath } from '../../base/paths.js';
import { bugEntries } from '../../judge/bugs/bugs.js';
import { buildEntries } from '../../kernels/kernel-builds.js';
import { platformNames } from '../../machine/platforms.js';
import { registerTable } from '../../sync/register-table.js';
import type { CompletionNames } from './complete-line.js';

/** The names that completion offers: no list is read from a mirror for it. */
export const knownNames: CompletionNames = {
  kernels: () => {
    const recorded = readdirSync(repositoryPath('matrix', 'baseline'));
    const built = buildEntries().map(({ id }) => id);
    return [...new Set([...recorded, ...built, 'latest', 'all'])].sort();
  },
  platforms: platformNames,
  registers: () => registerTable().map(({ name }) => name),
  formats: () => Object.keys(REPORT_FORMATS),
  bugs: () => bugEntries().map(({ id }) => id),
};
