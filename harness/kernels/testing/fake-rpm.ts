import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runTool } from '../../base/tool.js';

export interface FakeRpm {
  readonly name: string;
  readonly version?: string;
  readonly architecture?: string;
  readonly files: Readonly<Record<string, Buffer | string>>;
}

/** Makes an .rpm in `folder` with Debian's rpmbuild and returns its path. */
export async function makeRpm(
  folder: string,
  { name, version = '6.12.95', architecture = 'ppc64le', files }: FakeRpm,
): Promise<string> {
  const top = join(folder, `${name}.top`);
  const root = join(top, 'files');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const spec = [
    ...['%define __os_install_post %{nil}', '%define _build_id_links none'],
    ...[`Name: ${name}`, `Version: ${version}`, 'Release: 1', 'Summary: test', 'License: GPL'],
    ...['AutoReqProv: no', '%description', 'test', '%install'],
    `mkdir -p %{buildroot} && cp -a ${root}/. %{buildroot}/`,
    ...['%files', ...Object.keys(files).map((path) => `/${path}`)],
  ];
  await writeFile(join(top, 'test.spec'), `${spec.join('\n')}\n`);
  await runTool('rpmbuild', [
    ...['-bb', '--quiet', '--target', `${architecture}-linux`],
    ...['--define', `_topdir ${top}`, join(top, 'test.spec')],
  ]);
  const made = join(top, 'RPMS', architecture);
  const [file] = await readdir(made);
  const path = join(folder, file ?? '');
  await copyFile(join(made, file ?? ''), path);
  await rm(top, { recursive: true });
  return path;
}
