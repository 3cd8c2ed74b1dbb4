import { widthOf } from '../base/terminal.js';
import { fittedTable } from './progress/fitted-table.js';
import { loadKernels } from '../kernels/known-kernels.js';
import { ExitCode } from '../base/error.js';
import { examineKernel } from '../kernels/examine-kernel.js';
import type { KernelExamination } from '../kernels/examine-kernel.js';
import { needsCatalogue } from '../kernels/select-kernels.js';
import { interruptSignal } from './process-end.js';
import { plainProgress } from '../base/plain-progress.js';

export interface DoctorKernelOptions {
  readonly kernel: string;
  readonly modules?: readonly string[] | undefined;
  readonly git?: string | undefined;
  readonly mirror?: string | undefined;
  readonly json?: boolean;
}

/**
 * `sprmatrix doctor --kernel=X`: what a kernel has of what it needs to be asked, without booting it. Returns 2
 * when something is missing.
 */
export async function doctorKernel(options: DoctorKernelOptions): Promise<ExitCode> {
  const { kernel, ...rest } = options;
  const work = {
    ...{ signal: interruptSignal(), onProgress: plainProgress() },
    onNotice: (text: string): void => {
      console.error(text);
    },
  };
  const { kernels } = needsCatalogue([kernel]) ? await loadKernels(options) : { kernels: [] };
  const examinations = await examineKernel(kernel, kernels, { ...rest, ...work });
  if (options.json === true) console.log(JSON.stringify(examinations.map(described), null, 2));
  else for (const examination of examinations) console.log(textOf(examination));
  const isGood = examinations.every(({ findings }) =>
    findings.every(({ state }) => state !== 'missing'),
  );
  return isGood ? ExitCode.ok : ExitCode.usage;
}

/** An examination as matrix/schema/lists.schema.json has it. */
function described({ name, image, configuredBy, findings }: KernelExamination): object {
  const needs = findings.map(({ need, state, found }) => ({
    ...{ what: need.what, state, found, fragment: need.fragment },
  }));
  return { name, image, configuredBy, needs };
}

/** What is found is a sentence: it is folded even in a file. */
const DOCTOR_WIDTH = 104;

function textOf({ name, image, configuredBy, findings }: KernelExamination): string {
  const table = fittedTable(
    ['needs', 'state', 'found', 'fragment'],
    findings.map(({ need, state, found }) => [
      ...[need.what, state, found, state === 'missing' ? need.fragment : ''],
    ]),
    Math.min(widthOf(process.stdout) ?? DOCTOR_WIDTH, DOCTOR_WIDTH),
  );
  return `${name}\n  image: ${image}\n  configuration: ${configuredBy}\n${table}`;
}
