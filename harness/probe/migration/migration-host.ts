import type { KvmHost } from '../../agent/kvm-host.js';
import { VmType } from '../../agent/kvm-host.js';
import type { GuestImage } from '../../record/guest-image.js';
import type { VmmAnswer } from '../../record/migration-answer.js';
import type { RegisterFacts } from '../../record/register-facts.js';
import { RECORDED_CAPABILITIES } from '../capabilities.js';
import type { Losses } from './find-losses.js';
import { findLosses } from './find-losses.js';
import { fromImage, toImage } from './image-of-guest.js';
import type { ImageOrigin } from './image-of-guest.js';
import type { KnownRegisters, MigrationOptions } from './known-registers.js';
import { askKnownRegisters, syncCapabilities } from './known-registers.js';
import type { PlayedVmm } from './played-vmm.js';
import { restoreAs } from './played-vmm.js';
import type { RestoreOptions } from './restore-guest.js';
import { restoreGuest } from './restore-guest.js';
import type { SavedGuest } from './save-guest.js';
import { saveGuest } from './save-guest.js';

/** A KVM host between which and others guests are migrated. */
export class MigrationHost {
  readonly #host: KvmHost;
  readonly #facts: RegisterFacts;
  readonly #origin: ImageOrigin;
  readonly #options: MigrationOptions;
  readonly #known: KnownRegisters;
  /** Registers whose reading stopped a guest here: each costs a second, and would do so again. */
  readonly #stopping = new Set<string>();
  #hasSaved = false;

  private constructor(
    host: KvmHost,
    facts: RegisterFacts,
    origin: ImageOrigin,
    options: MigrationOptions,
    known: KnownRegisters,
  ) {
    this.#host = host;
    this.#facts = facts;
    this.#origin = origin;
    this.#options = options;
    this.#known = known;
  }

  /** Opens the KVM of a host whose /dev/kvm is not open yet. */
  static async open(
    host: KvmHost,
    facts: RegisterFacts,
    origin: ImageOrigin,
    signal?: AbortSignal,
  ): Promise<MigrationHost> {
    const capabilities = await host.openKvm(RECORDED_CAPABILITIES, { signal });
    const { flavour } = origin.kvm;
    const options: MigrationOptions = {
      vmType: VmType[flavour],
      isPapr: flavour === 'HV',
      byteOrder: origin.kernel.byteOrder,
      capabilities: syncCapabilities(capabilities),
      signal,
    };
    const known = await askKnownRegisters(host, facts, options);
    return new MigrationHost(host, facts, origin, options, known);
  }

  /** Runs a guest of the host's byte order and saves it. */
  async save(): Promise<GuestImage> {
    const saved = await saveGuest(this.#host, this.#known, this.#facts, this.#options);
    this.#hasSaved = true;
    return toImage(saved, this.#origin, this.#options.byteOrder);
  }

  /** Restores a guest on a fresh vCPU of a fresh VM and says what it lost. */
  async restore(image: GuestImage): Promise<Losses> {
    const { saved, options } = await this.#arrive(image);
    const restored = await restoreGuest(this.#host, saved, this.#known, this.#facts, options);
    for (const [name, { outcome }] of restored.seen) {
      if (outcome === 'stopped') this.#stopping.add(name);
    }
    return findLosses(saved, restored, this.#known, this.#facts);
  }

  /** Restores it as another VMM does; what stops it was learnt when it was restored before. */
  async restoreAs(vmm: PlayedVmm, image: GuestImage): Promise<VmmAnswer> {
    const { saved, options } = await this.#arrive(image);
    return restoreAs(vmm, this.#host, saved, this.#known, this.#facts, options);
  }

  async #arrive(image: GuestImage): Promise<{ saved: SavedGuest; options: RestoreOptions }> {
    // What a guest left in the processor must be the same, whether a guest of this host is wanted or not.
    if (!this.#hasSaved) await this.save();
    return {
      saved: fromImage(image),
      options: {
        ...this.#options,
        byteOrder: image.guest.byteOrder,
        skipped: this.#stopping,
      },
    };
  }
}
