import { SprmatrixError } from '../../base/error.js';
import { findProgram } from '../../base/find-program.js';
import { installCommand } from '../../debian/requirements.js';
import { runTool } from '../../base/tool.js';

/** The programs that building a kernel needs besides its compiler, and Debian's packages of them. */
const PROGRAMS = new Map([
  ['make', 'make'],
  ['gcc', 'gcc'],
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['xz', 'xz-utils'],
  ['setpriv', 'util-linux'],
]);

/** The program that compiles for a target (`powerpc64le-linux-gnu`). */
function compilerProgram(target: string): string {
  return `${target}-gcc`;
}

/** What is missing to build with compilers of those targets, and Debian's packages that have it. */
export async function missingBuildTools(
  targets: readonly string[],
): Promise<{ readonly names: readonly string[]; readonly packages: readonly string[] }> {
  const programs = new Map(PROGRAMS);
  for (const target of targets) programs.set(compilerProgram(target), `gcc-${target}`);
  const missing: [string, string][] = [];
  for (const [program, pkg] of programs) {
    if ((await findProgram(program)) === undefined) missing.push([program, pkg]);
  }
  return {
    names: missing.map(([name]) => name),
    packages: [...new Set(missing.map(([, pkg]) => pkg))],
  };
}

/** Throws `BUILD_TOOLS_MISSING`, with Debian's packages, unless a kernel can be built for `target`. */
export async function requireBuildTools(owner: string, target: string): Promise<void> {
  const { names, packages } = await missingBuildTools([target]);
  if (names.length === 0) return;
  throw new SprmatrixError({
    code: 'BUILD_TOOLS_MISSING',
    message: `${owner} cannot be built here: there is no ${names.join(', no ')} (Debian's ${packages.join(', ')})`,
    hint: `as root: ${installCommand(packages)}; or \`npx sprmatrix setup --builds\``,
  });
}

/** The compiler's own name and version, one line: a part of what a build is cached by. */
export async function compilerVersion(
  owner: string,
  target: string,
  signal?: AbortSignal,
): Promise<string> {
  try {
    const text = await runTool(compilerProgram(target), ['--version'], { signal });
    return text.split('\n')[0] ?? '';
  } catch (error) {
    if (!(error instanceof SprmatrixError) || error.code !== 'TOOL_MISSING') throw error;
    await requireBuildTools(owner, target);
    throw error;
  }
}
