import type { KvmHost } from '../../agent/kvm-host.js';
import { isRefusal } from '../../agent/kvm-host.js';
import type { WorkClock } from '../../base/deadline.js';
import { STARVED_HINT } from '../../base/deadline.js';
import { SprmatrixError } from '../../base/error.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { requestOptions } from './hostile-vcpu.js';
import { stallOf } from './kernel-log.js';

/** Watchdogs speak after 10 s at the least (arch/powerpc/kernel/watchdog.c); half of that is no hang any more. */
const STARVED_MS = 5_000;

/** Reads the kernel's log, for a user who may: on hardware, not everybody may. */
export class KernelLogReader {
  readonly #options: GuestOptions;
  /** Why the log is not read. */
  refusal: string | undefined;
  /** How long the machine had had no processor when the log was last read. */
  #last: { readonly clock: WorkClock; readonly deniedMs: number } | undefined;

  constructor(options: GuestOptions) {
    this.#options = options;
  }

  /**
   * What a host's kernel has logged since the last time; nothing once it was refused. Errors: `STARVED` when a
   * watchdog of the kernel speaks of a machine that had no processor meanwhile.
   */
  async read(host: KvmHost): Promise<string> {
    if (this.refusal !== undefined) return '';
    try {
      const log = await host.kernelLog(requestOptions(this.#options));
      this.#refuseStarved(host.clock, stallOf(log));
      return log;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.refusal = error.message;
      return '';
    }
  }

  #refuseStarved(clock: WorkClock | undefined, stall: string | undefined): void {
    if (clock === undefined) return;
    const before = this.#last?.clock === clock ? this.#last.deniedMs : 0;
    const deniedMs = clock.deniedMs();
    this.#last = { clock, deniedMs };
    if (stall === undefined || deniedMs - before < STARVED_MS) return;
    throw new SprmatrixError({
      code: 'STARVED',
      message: `the kernel says that it stood still ("${stall}"), and the emulator had no processor for ${Math.round(deniedMs - before)} ms (${clock.whyDenied()})`,
      hint: STARVED_HINT,
    });
  }
}
