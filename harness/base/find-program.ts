import { delimiter } from 'node:path';
import which from 'which';

/** Where `program` is on the PATH (or in the sbin folders, where kmod is), or undefined. */
export async function findProgram(program: string): Promise<string | undefined> {
  const path = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  return (await which(program, { path, nothrow: true })) ?? undefined;
}
