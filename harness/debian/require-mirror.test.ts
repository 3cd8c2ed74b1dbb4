import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { rejectionOf } from '../base/testing/errors.js';
import { requireMirror } from './require-mirror.js';

/** A server of this machine's own while `work` runs with its address. */
async function withServer<T>(server: Server, work: (url: string) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}/debian/`);
  } finally {
    server.close();
  }
}

const HINT =
  "  hint: is there a network? say where Debian's packages are with --mirror=URL or SPRMATRIX_MIRROR=URL, or use your own kernel: --kernel=./vmlinux";

test('a mirror that takes the connection and says nothing is given up after the limit', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await withServer(silent, async (url) => {
    const error = await rejectionOf(requireMirror(url, { limitMs: 500 }));
    expect([error.code, error.kind]).toEqual(['MIRROR_UNREACHABLE', 'harness']);
    expect(error.describe()).toBe(
      `Debian's packages cannot be read from ${url}: no answer within 0.5 s\n${HINT}`,
    );
  });
});

test('a port that nobody listens on is reported at once', async () => {
  const url = await withServer(createServer(), async (address) => Promise.resolve(address));
  const error = await rejectionOf(requireMirror(url));
  expect(error.message).toMatch(
    /^Debian's packages cannot be read from \S+: Could not connect to /,
  );
});

test('any answer will do, and what is no HTTP is not asked', async () => {
  const server = createHttpServer((_, response) => {
    response.writeHead(404).end('no such file');
  });
  await withServer(server, async (url) => requireMirror(url));
  await requireMirror('file:/nowhere/debian/');
});

test('an abort is an abort, not a mirror that is away', async () => {
  const error = await rejectionOf(
    requireMirror('http://127.0.0.1:1/', { signal: AbortSignal.abort() }),
  );
  expect(error.code).toBe('ABORTED');
});
