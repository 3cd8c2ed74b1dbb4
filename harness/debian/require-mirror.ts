import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SprmatrixError } from '../base/error.js';
import { runTool } from '../base/tool.js';
import { aptReason } from './apt.js';
import { MIRROR_HINT } from './mirror.js';

const APT_HELPER = '/usr/lib/apt/apt-helper';
const LIMIT_MS = 5000;

/**
 * Throws `MIRROR_UNREACHABLE` when a mirror gives no answer within five seconds: apt alone would wait for
 * minutes, suite by suite. Any answer will do, a "not found" as well; what is no HTTP is not asked.
 */
export async function requireMirror(
  mirror: string,
  {
    signal,
    limitMs = LIMIT_MS,
  }: { signal?: AbortSignal | undefined; limitMs?: number | undefined } = {},
): Promise<void> {
  if (!/^https?:/.test(mirror)) return;
  const folder = await mkdtemp(join(tmpdir(), 'sprmatrix-mirror-'));
  const limit = AbortSignal.timeout(limitMs);
  try {
    await runTool(
      APT_HELPER,
      [
        ...['-o', 'Acquire::Retries=0', 'download-file'],
        ...[`${mirror}dists/README`, join(folder, 'README')],
      ],
      { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) },
    );
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const why = limit.aborted ? `no answer within ${limitMs / 1000} s` : reasonOf(error);
    if (why === undefined) return;
    throw new SprmatrixError({
      code: 'MIRROR_UNREACHABLE',
      message: `Debian's packages cannot be read from ${mirror}: ${why}`,
      hint: `is there a network? ${MIRROR_HINT}`,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why a mirror gave no answer; undefined when it gave one. */
function reasonOf(error: unknown): string | undefined {
  const isFailure = error instanceof SprmatrixError && error.code === 'TOOL_FAILED';
  if (!isFailure) return undefined;
  const why = aptReason(error);
  return /could not (?:resolve|connect)|failure resolving|unable to connect|unreachable/i.test(why)
    ? why
    : undefined;
}
