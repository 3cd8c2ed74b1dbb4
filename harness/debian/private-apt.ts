import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';

/** What a private apt reads. */
export interface PrivateApt {
  /** Of the packages, as Debian names it. */
  readonly architecture: string;
  readonly component: string;
  /** Path of the keys that the archive is signed with. */
  readonly keyring: string;
  /** Address of the archive, with a slash at its end. */
  readonly mirror: string;
  readonly suites: readonly string[];
}

/**
 * Makes `folder` the home of an apt of our own, with sources, state and cache inside, and returns
 * the options that keep apt there: nothing of the machine's apt is changed, what the machine has
 * installed is not looked at, and none of its hooks runs. Errors: `KEYRING_MISSING`.
 */
export async function preparePrivateApt(folder: string, apt: PrivateApt): Promise<string[]> {
  const { architecture, component, keyring, mirror, suites } = apt;
  if (!existsSync(keyring)) {
    throw new SprmatrixError({
      code: 'KEYRING_MISSING',
      message: `${keyring}: no such file; Debian's indexes cannot be verified without it`,
      hint: 'apt-get install debian-archive-keyring',
    });
  }
  const inFolder = (name: string): string => join(folder, name);
  await mkdir(inFolder('lists/partial'), { recursive: true });
  await mkdir(inFolder('cache/archives/partial'), { recursive: true });
  const trust = `[arch=${architecture} signed-by=${keyring} target=Packages]`;
  await writeFile(
    inFolder('sources.list'),
    suites.map((suite) => `deb ${trust} ${mirror} ${suite} ${component}\n`).join(''),
  );
  await writeFile(inFolder('no-hooks.conf'), '#clear APT::Update;\n#clear DPkg;\n');
  await writeFile(inFolder('status'), '');
  const settings = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    'APT::Update::Error-Mode=any',
    'Acquire::Languages=none',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=20',
    'Acquire::https::Timeout=20',
    `Dir::State=${inFolder('state')}`,
    `Dir::State::Lists=${inFolder('lists')}`,
    `Dir::State::status=${inFolder('status')}`,
    `Dir::Cache=${inFolder('cache')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    `Dir::Etc::SourceList=${inFolder('sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    'Dir::Etc::Preferences=/dev/null',
    'Dir::Etc::PreferencesParts=/dev/null',
  ];
  return ['-c', inFolder('no-hooks.conf'), ...settings.flatMap((setting) => ['-o', setting])];
}
