import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { debianMirrors, findMirror, mirrorsOfSources } from './mirror.js';
import { temporaryFolder } from '../base/testing/temporary-folder.js';

/** Runs `work` on a machine whose apt-get is this shell script. */
async function withApt<T>(script: string, work: () => Promise<T>): Promise<T> {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'apt-get'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before ?? ''}`;
  try {
    return await work();
  } finally {
    process.env['PATH'] = before;
  }
}

test("the main archive is taken, not security's and not another vendor's", () => {
  const answer = [
    'NodeSource\tNodeSource\thttps://other.example/node/',
    'Debian\tDebian-Security\thttp://mirror.example/debian-security/',
    'Debian\tDebian\thttp://mirror.example/debian/',
    'Debian\tDebian Backports\thttp://mirror.example/debian/',
  ];
  expect(debianMirrors(answer.join('\n'))).toEqual(['http://mirror.example/debian/']);
});

test('an apt that has fetched no index yet still says where its sources are', () => {
  const answer = [
    "'http://mirror.example/debian-security/dists/bookworm-security/InRelease' x 0",
    "'http://mirror.example/debian/dists/bookworm/InRelease' mirror.example_x_InRelease 0 ",
    "'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0",
  ];
  expect(mirrorsOfSources(answer.join('\n'))).toEqual(['http://mirror.example/debian/']);
});

test("a machine's own apt is asked", async () => {
  const script = `case "$*" in indextargets*) printf 'Debian\\tDebian\\tfile:/srv/debian\\n';; esac`;
  expect(await withApt(script, async () => findMirror(undefined))).toBe('file:/srv/debian/');
});

test("a machine whose apt is not Debian's gets an error that says what to do", async () => {
  const script = `case "$*" in
    indextargets*) printf 'Ubuntu\\tUbuntu\\thttp://mirror.example/ubuntu/\\n';;
    *) echo "'http://mirror.example/ubuntu/dists/noble/InRelease' x 0";;
  esac`;
  await expect(withApt(script, async () => findMirror(undefined))).rejects.toMatchObject({
    code: 'NO_DEBIAN_MIRROR',
    message:
      "this machine's apt does not say where Debian's packages are: none of its sources is Debian's",
    hint: "say where Debian's packages are with --mirror=URL or SPRMATRIX_MIRROR=URL, or use your own kernel: --kernel=./vmlinux",
  });
});

test('a mirror that is given is taken without asking apt', async () => {
  const script = 'exit 100';
  const given = ['http://mirror.example/debian', 'file:/srv/debian/', 'mirror+file:/etc/list'];
  for (const mirror of given) {
    expect(await withApt(script, async () => findMirror(mirror))).toBe(
      mirror.endsWith('/') ? mirror : `${mirror}/`,
    );
  }
});

test('SPRMATRIX_MIRROR names the mirror, unless the caller does', async () => {
  const former = process.env['SPRMATRIX_MIRROR'];
  process.env['SPRMATRIX_MIRROR'] = 'http://of-the-environment.example/debian';
  try {
    await withApt('exit 100', async () => {
      expect(await findMirror(undefined)).toBe('http://of-the-environment.example/debian/');
      expect(await findMirror('http://mirror.example/debian/')).toBe(
        'http://mirror.example/debian/',
      );
    });
  } finally {
    if (former === undefined) delete process.env['SPRMATRIX_MIRROR'];
    else process.env['SPRMATRIX_MIRROR'] = former;
  }
});

test('a mirror that is no URL is a usage error that names it', async () => {
  for (const mirror of [
    'mirror.example',
    'http://a b/',
    'http://x [trusted=yes]',
    'http://x\ndeb',
  ]) {
    await expect(findMirror(mirror)).rejects.toMatchObject({
      code: 'MIRROR_INVALID',
      kind: 'usage',
      message: `mirror "${mirror}" is not a URL`,
    });
  }
});
