import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Writes into the built page that it may run and look like nothing but what it was built with: the
 * inline script and styles by their hashes, and nothing from anywhere else.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue;
          file.source = withPolicy(String(file.source));
        }
      },
    },
  };
}

function withPolicy(html: string): string {
  const hashes = (element: RegExp): string =>
    [...html.matchAll(element)].map(([, content]) => `'sha256-${hash(content ?? '')}'`).join(' ');
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(/<script type="module"[^>]*>(.*?)<\/script>/gs)}`,
    `style-src ${hashes(/<style[^>]*>(.*?)<\/style>/gs)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  return html.replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${meta}`);
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('base64');
}
