import type { KvmHost } from '../../agent/kvm-host.js';
import type { StateRecord } from '../../record/record.generated.js';
import type { GuestOptions } from '../guest/guest-vcpu.js';
import { createGuestVcpu } from '../guest/guest-vcpu.js';
import { warningsOf } from '../hostile/kernel-log.js';
import { KernelLogReader } from '../hostile/kernel-log-reader.js';
import { StateAnswers } from '../states/state-answers.js';

/** Reads the kernel's log after each batch of calls; what it warns of is that batch's. */
export class LogWatch {
  readonly #host: KvmHost;
  readonly #reader: KernelLogReader;
  readonly #options: GuestOptions;
  readonly #answers = new StateAnswers();
  readonly #ofVms = new Set<string>();

  constructor(host: KvmHost, options: GuestOptions) {
    this.#host = host;
    this.#options = options;
    this.#reader = new KernelLogReader(options);
  }

  /**
   * Passes over what was logged before anything was asked, and says what a kernel warns of when a VM with a
   * vCPU comes and goes: of that every batch would be accused.
   */
  async begin(): Promise<void> {
    await this.#reader.read(this.#host);
    const { vm } = await createGuestVcpu(this.#host, this.#options);
    await this.#host.destroyVm(vm, { signal: this.#options.signal });
    const warnings = await this.warnings();
    this.say('vm', warnings);
    for (const line of warnings) this.#ofVms.add(line);
  }

  /** The warnings since the last time, without those of VMs that come and go. */
  async warnings(): Promise<readonly string[]> {
    const lines = warningsOf(await this.#reader.read(this.#host));
    return lines.filter((line) => !this.#ofVms.has(line));
  }

  /** Says of a batch that was just asked what the kernel warned of. */
  async after(batch: string): Promise<void> {
    this.say(batch, await this.warnings());
  }

  say(item: string, [first, ...others]: readonly string[]): void {
    if (first === undefined) this.#answers.say(item, 'clean');
    else {
      const count = others.length === 0 ? '' : ` (and ${others.length} more)`;
      this.#answers.say(item, `"${first}"${count}`, 'a clean kernel log');
    }
  }

  get record(): StateRecord {
    const { refusal } = this.#reader;
    return refusal === undefined ? this.#answers.record : { answers: {}, untested: refusal };
  }
}
