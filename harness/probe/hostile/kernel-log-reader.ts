import type { KvmHost } from '../../agent/kvm-host.js';
import { isRefusal } from '../../agent/kvm-host.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { requestOptions } from './hostile-vcpu.js';

/** Reads the kernel's log, for a user who may: on hardware, not everybody may. */
export class KernelLogReader {
  readonly #options: GuestOptions;
  /** Why the log is not read. */
  refusal: string | undefined;

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  /** What a host's kernel has logged since the last time; nothing once it was refused. */
  async read(host: KvmHost): Promise<string> {
    if (this.refusal !== undefined) return '';
    try {
      return await host.kernelLog(requestOptions(this.#options));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.refusal = error.message;
      return '';
    }
  }
}
