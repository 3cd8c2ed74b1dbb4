import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { sha256 } from '../../base/files.js';
import { rejectionOf } from '../../base/testing/errors.js';
import { temporaryFolder } from '../../base/testing/temporary-folder.js';
import { readPathKernel } from '../file-kernel.js';
import { BUILT_IN, fakeImage } from '../testing/fake-elf.js';
import type { FetchUrlOptions } from './fetch-url.js';
import { fetchUrl, splitUrl } from './fetch-url.js';

const IMAGE = fakeImage(['Linux version 6.8.1 (me)', ...BUILT_IN, 'x'.repeat(20_000)]);

interface Site extends AsyncDisposable {
  readonly at: (name: string) => string;
  readonly requests: IncomingMessage[];
  readonly notices: string[];
  readonly fetch: (url: string, options?: FetchUrlOptions) => Promise<string>;
  readonly cacheFolder: string;
}

/** A server on this machine that answers as it is told. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<Site> {
  const folder = await temporaryFolder();
  const requests: IncomingMessage[] = [];
  const notices: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response, requests.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cacheFolder = join(folder.path, 'cache');
  return {
    ...{ requests, notices, cacheFolder },
    at: (name) => `http://127.0.0.1:${port}/${name}`,
    fetch: async (url, options) =>
      fetchUrl(url, { cacheFolder, onNotice: (text) => void notices.push(text), ...options }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const whole = (_: IncomingMessage, response: ServerResponse): void => {
  response.setHeader('etag', '"1"').end(IMAGE);
};

test('a kernel at an address is fetched and read, and is selected by the address again', async () => {
  await using site = await serve(whole);
  const entry = await readPathKernel(site.at('vmlinux'), { cacheFolder: site.cacheFolder });
  expect(entry).toMatchObject({
    ...{ version: '6.8.1', id: `file-6.8.1-${sha256(IMAGE).slice(0, 8)}` },
    source: { given: { kernel: site.at('vmlinux') } },
  });
});

test('what is here is asked for by its ETag, and not fetched again', async () => {
  await using site = await serve((request, response) => {
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else whole(request, response);
  });
  const path = await site.fetch(site.at('a/vmlinux'));
  expect(await site.fetch(site.at('a/vmlinux'))).toBe(path);
  expect(site.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
  expect(basename(path)).toBe('vmlinux');
  // One that was damaged meanwhile is fetched whole.
  await writeFile(path, 'damaged');
  expect(await readFile(await site.fetch(site.at('a/vmlinux')))).toEqual(IMAGE);
});

test('a file with the checksum that was given is not asked for at all', async () => {
  await using site = await serve(whole);
  const url = `${site.at('vmlinux')}#sha256=${sha256(IMAGE)}`;
  await site.fetch(url);
  await site.fetch(url);
  expect(site.requests).toHaveLength(1);
});

test('another checksum than that of what is there is refused, and nothing is kept', async () => {
  await using site = await serve(whole);
  const wanted = '0'.repeat(64);
  expect(await rejectionOf(site.fetch(`${site.at('vmlinux')}#sha256=${wanted}`))).toMatchObject({
    ...{ code: 'CHECKSUM_DIFFERS', kind: 'usage' },
    message: `${site.at('vmlinux')}: its SHA-256 is ${sha256(IMAGE)}, not ${wanted}`,
  });
  expect(() => splitUrl('http://h/x#sha256=12')).toThrow(
    'http://h/x#sha256=12: "12" is no SHA-256, which has 64 hexadecimal digits',
  );
  expect(splitUrl(`http://h/x#kernel=6.1&sha256=${wanted}`)).toEqual({
    ...{ url: 'http://h/x', sha256: wanted, rest: '#kernel=6.1' },
  });
});

/** Waits until the part of a file that was fetched has a size. */
async function partOf(cacheFolder: string, bytes: number): Promise<void> {
  await expect(async () => {
    const names = await readdir(cacheFolder, { recursive: true });
    const part = names.find((name) => name.endsWith('.part')) ?? '';
    expect((await stat(join(cacheFolder, part))).size).toBe(bytes);
  }).toPass({ intervals: [10] });
}

test('a file that is cut in the middle is gone on with from there', async () => {
  await using site = await serve((request, response, count) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.setHeader('etag', '"1"').setHeader('content-length', IMAGE.length - from);
    response.statusCode = from > 0 ? 206 : 200;
    if (count > 2) response.end(IMAGE.subarray(from));
    else {
      response.write(IMAGE.subarray(from, from + 5000));
      // What a reset connection has not yet handed over is lost.
      void partOf(site.cacheFolder, from + 5000).then(() => response.destroy());
    }
  });
  expect(await readFile(await site.fetch(site.at('vmlinux')))).toEqual(IMAGE);
  const asked = site.requests.map(({ headers }) => [headers.range, headers['if-range']]);
  expect(asked[0]).toEqual([undefined, undefined]);
  expect(asked.at(-1)).toEqual(['bytes=10000-', '"1"']);
  expect(site.notices).toHaveLength(2);
});

test('a server that always closes in the middle is reported with what it did', async () => {
  await using site = await serve((_, response) => {
    response.setHeader('content-length', 100_000);
    response.write('x'.repeat(10), () => response.destroy());
  });
  const fault = await rejectionOf(site.fetch(site.at('vmlinux'), { attempts: 2 }));
  expect(fault).toMatchObject({ code: 'URL_FAILED', kind: 'harness' });
  expect(fault.message).toMatch(/^http:\S+\/vmlinux cannot be fetched: .+ \(2 attempts\)$/);
});

test('a server that says nothing is given up', async () => {
  await using site = await serve((_, response) => {
    response.writeHead(200).flushHeaders();
  });
  const fault = await rejectionOf(site.fetch(site.at('vmlinux'), { attempts: 1, silenceMs: 200 }));
  expect(fault.message).toBe(
    `${site.at('vmlinux')} cannot be fetched: the server said nothing for 0.2 s (1 attempts)`,
  );
});

test('a server that is slower than a kernel can wait for is given up', async () => {
  await using site = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100_000 });
    const drip = setInterval(() => response.write('x'), 20);
    response.on('close', () => {
      clearInterval(drip);
    });
  });
  const fault = await rejectionOf(site.fetch(site.at('vmlinux'), { attempts: 1, silenceMs: 300 }));
  expect(fault.message).toMatch(
    /^http:\S+\/vmlinux cannot be fetched: the server sent no more than \d+ B in 0\.3 s \(1 attempts\)$/,
  );
});

test('a file that is not there is said with what the server answers', async () => {
  await using site = await serve((_, response) => void response.writeHead(404).end('no'));
  expect(await rejectionOf(site.fetch(site.at('vmlinux')))).toMatchObject({
    ...{ code: 'URL_FAILED', kind: 'usage' },
    message: `${site.at('vmlinux')} cannot be fetched: the server answers 404 Not Found`,
  });
  expect(site.requests).toHaveLength(1);
});

test('redirects in a circle, and to a file of this machine, are not followed', async () => {
  await using site = await serve((request, response) => {
    const location = request.url === '/file' ? 'file:///etc/passwd' : '/again';
    response.writeHead(302, { location }).end();
  });
  expect((await rejectionOf(site.fetch(site.at('vmlinux')))).message).toBe(
    `${site.at('vmlinux')} cannot be fetched: it is redirected more than 10 times, at last to ${site.at('again')}`,
  );
  expect((await rejectionOf(site.fetch(site.at('file')))).message).toBe(
    `${site.at('file')} cannot be fetched: it is redirected to file:///etc/passwd, which is no address of the web`,
  );
});

test('what is larger than the limit is not fetched, whether its length is said or not', async () => {
  await using site = await serve((request, response) => {
    if (request.url === '/said') response.setHeader('content-length', 5e6);
    response.end(Buffer.alloc(5e6));
  });
  for (const name of ['said', 'unsaid']) {
    const fault = await rejectionOf(site.fetch(site.at(name), { limitBytes: 1e6 }));
    expect(fault.code).toBe('DOWNLOAD_TOO_LARGE');
    expect(fault.message).toMatch(/ MB or more, and the limit is 1 MB$/);
  }
});

test('a page instead of a kernel is called a page', async () => {
  await using site = await serve(
    (_, response) => void response.end('<!doctype html><title>Log in</title>'),
  );
  const fault = await rejectionOf(
    readPathKernel(site.at('vmlinux'), { cacheFolder: site.cacheFolder }),
  );
  expect(fault.message).toBe(`${site.at('vmlinux')} is not a kernel: it is an HTML page`);
});

test('modules.tar.xz is looked for next to a vmlinux that needs it', async () => {
  await using site = await serve((request, response) => {
    if (request.url === '/ci/vmlinux')
      response.end(fakeImage(['Linux version 6.8.1 (me)', 'virtio-pci', 'virtio_console']));
    else response.writeHead(404).end();
  });
  const fault = await rejectionOf(
    readPathKernel(site.at('ci/vmlinux'), { cacheFolder: site.cacheFolder }),
  );
  expect(fault.message).toMatch(/ci\/vmlinux has no KVM/);
  expect(site.requests.map(({ url }) => url)).toEqual(['/ci/vmlinux', '/ci/modules.tar.xz']);
});

test('a file:// address is the file', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'vmlinux');
  await writeFile(path, IMAGE);
  expect(await fetchUrl(`file://${path}`)).toBe(path);
  await expect(fetchUrl(`file://${path}#sha256=${'1'.repeat(64)}`)).rejects.toThrow(
    /its SHA-256 is/,
  );
});
