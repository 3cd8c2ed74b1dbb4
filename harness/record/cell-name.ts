import type { CellRecord } from './record.generated.js';

/** A cell by the ids of its kernel and its platform. */
export type CellIds = CellRecord['cell'];

/**
 * `<kernel id>/<platform id>`: the name of a cell in messages, projects, tables and folders. Neither id
 * has a slash.
 */
export function cellName({ kernel, platform }: CellIds): string {
  return `${kernel}/${platform}`;
}

/** The ids that a cell's name is made of; undefined when the text is no cell's name. */
export function parseCellName(name: string): CellIds | undefined {
  const [, kernel, platform] = /^([^/]+)\/([^/]+)$/.exec(name) ?? [];
  return kernel === undefined || platform === undefined ? undefined : { kernel, platform };
}
