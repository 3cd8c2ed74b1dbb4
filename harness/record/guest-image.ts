import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { repositorySchema } from '../data/compiled-schema.js';
import { messageOf, SprmatrixError } from '../base/error.js';
import { writeFileAtomic } from '../base/files.js';
import type { GuestImage } from './image.generated.js';
import { parseJson } from '../data/json-text.js';
import { explainSchemaErrors, fieldPath, invalidFile } from '../data/schema-faults.js';

export type { GuestImage };

let compiled: ValidateFunction<GuestImage> | undefined;

/** An image from its file's text. Errors: `IMAGE_INVALID` names `path`, the field and what is allowed. */
export function parseImage(text: string, path: string): GuestImage {
  compiled ??= repositorySchema<GuestImage>('image.schema.json');
  const data = parseJson(text, path, 'IMAGE_INVALID');
  if (compiled(data)) return data;
  const faults = explainSchemaErrors(compiled.errors ?? [], fieldPath);
  throw invalidFile('IMAGE_INVALID', `${path}: no image of a guest`, faults, {
    hint: 'matrix/schema/image.schema.json describes the fields; `sprmatrix migrate` writes images',
  });
}

/** Reads an image's file. Errors: as `parseImage`; `IMAGE_NOT_READ` (a usage error). */
export async function readImage(path: string): Promise<GuestImage> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new SprmatrixError({
      code: 'IMAGE_NOT_READ',
      kind: 'usage',
      message: `${path}: no image of a guest can be read here: ${messageOf(error)}`,
      hint: '`sprmatrix migrate` writes images to out/images/<kernel>/<platform>.json',
    });
  });
  return parseImage(text, path);
}

/** Writes an image to `<outFolder>/images/<kernel id>/<platform id>.json` and returns the path. */
export async function writeImage(outFolder: string, image: GuestImage): Promise<string> {
  const { kernel, platform } = image.cell;
  const path = join(outFolder, 'images', kernel, `${platform}.json`);
  // First, because the ids become a path: they are data until the schema has accepted them.
  parseImage(JSON.stringify(image), path);
  await writeFileAtomic(path, `${JSON.stringify(image, null, 2)}\n`);
  return path;
}
