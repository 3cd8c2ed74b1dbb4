import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { repositoryPath, repositoryRoot } from '../base/paths.js';

/**
 * Runs Playwright Test in the repository and returns its exit code, undefined when a signal ended
 * it. When `signal` fires, Playwright gets SIGINT: it stops its workers, and their machines end with
 * them. On a terminal it has got Ctrl-C already; it takes a second one within a second as the same.
 */
export async function runPlaywright(
  args: readonly string[],
  { env, signal }: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<number | undefined> {
  // Not through npx or npm: they do not hand every signal on.
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  // An installed package has no sources: the gate is built.
  const isCheckout = existsSync(repositoryPath('playwright.config.ts'));
  const config = isCheckout ? [] : ['--config', repositoryPath('dist/fixtures/gate.config.js')];
  const child = execa(process.execPath, [cli, 'test', ...config, ...args], {
    cwd: repositoryRoot,
    env,
    stdio: 'inherit',
    reject: false,
  });
  const forward = (): void => {
    child.kill('SIGINT');
  };
  if (signal.aborted) forward();
  signal.addEventListener('abort', forward, { once: true });
  try {
    return (await child).exitCode;
  } finally {
    signal.removeEventListener('abort', forward);
  }
}
