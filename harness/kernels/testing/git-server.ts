import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runTool } from '../../base/tool.js';

/** A repository's address on this machine, and what git answered by it. */
export interface GitServer extends AsyncDisposable {
  readonly url: string;
  /** Bytes of the packs that were sent, one for each fetch. */
  readonly packBytes: number[];
}

/** Serves the repositories below a folder by HTTP, as git's own program does; `name` is the one that is meant. */
export async function serveGit(folder: string, name: string): Promise<GitServer> {
  const programs = (await runTool('git', ['--exec-path'])).trim();
  const packBytes: number[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const backend = spawn(`${programs}/git-http-backend`, {
      env: {
        ...{ GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: pathname },
        ...{ QUERY_STRING: search.slice(1), REQUEST_METHOD: request.method ?? 'GET' },
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf('\r\n\r\n');
      for (const line of answer.subarray(0, end).toString().split('\r\n')) {
        const [header = '', value = ''] = line.split(/:\s*/, 2);
        if (header === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(header, value);
      }
      const body = answer.subarray(end + 4);
      if (body.includes('PACK')) packBytes.push(body.length);
      response.end(body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}/${name}`, packBytes },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
