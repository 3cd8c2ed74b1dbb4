import type { KernelConfig } from '../kernel-config.js';
import { readConfigFile, readImageConfig } from '../kernel-config.js';
import { configBeside } from './root-images.js';

/** A kernel's configuration: the file that lies where the image's does, else what the image carries. */
export async function configOf(
  image: string,
  givenImage: string,
  release: string,
): Promise<KernelConfig | undefined> {
  const file = configBeside(givenImage, release);
  const read = file === undefined ? undefined : await readConfigFile(file);
  return read ?? (await readImageConfig(image));
}
