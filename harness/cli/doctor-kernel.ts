import Table from 'cli-table3';
import { loadKernels } from '../cell/selection.js';
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
  for (const examination of examinations) console.log(textOf(examination));
  const isGood = examinations.every(({ findings }) =>
    findings.every(({ state }) => state !== 'missing'),
  );
  return isGood ? ExitCode.ok : ExitCode.usage;
}

function textOf({ name, image, configuredBy, findings }: KernelExamination): string {
  const table = new Table({
    head: ['needs', 'state', 'found', 'fragment'],
    style: { head: [], border: [], compact: true },
    colWidths: [18, 9, 62, 10],
    wordWrap: true,
  });
  for (const { need, state, found } of findings) {
    table.push([need.what, state, found, state === 'missing' ? need.fragment : '']);
  }
  return `${name}\n  image: ${image}\n  configuration: ${configuredBy}\n${table.toString()}`;
}
