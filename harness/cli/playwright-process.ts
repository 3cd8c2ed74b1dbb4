import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { repositoryPath, repositoryRoot } from '../base/paths.js';

/** How Playwright is started. */
interface PlaywrightOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** With the harness's own tests, which are TypeScript; of an installed package there are none. */
  readonly hasOwnTests: boolean;
}

/**
 * Runs Playwright Test in the repository and returns its exit code, undefined when a signal ended
 * it. When `signal` fires, Playwright gets SIGINT: it stops its workers, and their machines end with
 * them. On a terminal it has got Ctrl-C already; it takes a second one within a second as the same.
 */
export async function runPlaywright(
  args: readonly string[],
  { env, signal, hasOwnTests }: PlaywrightOptions,
): Promise<number | undefined> {
  // Not through npx or npm: they do not hand every signal on.
  const cli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
  const config = hasOwnTests ? [] : ['--config', repositoryPath('dist/bundle/gate.config.js')];
  const named = withReporters(args);
  const child = execa(process.execPath, [cli, 'test', ...config, ...named], {
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

/** Playwright's arguments with the path of our KTAP reporter where it is named: `--reporter=ktap,junit`. */
export function withReporters(args: readonly string[]): string[] {
  const path = repositoryPath('dist/bundle/ktap-reporter.js');
  const named = (list: string): string =>
    list
      .split(',')
      .map((name) => (name === 'ktap' ? path : name))
      .join(',');
  return args.map((arg, index) => {
    if (arg.startsWith('--reporter=')) return `--reporter=${named(arg.slice(11))}`;
    return args[index - 1] === '--reporter' ? named(arg) : arg;
  });
}
