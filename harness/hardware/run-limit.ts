import { errnoName } from '../sync/errno.js';
import { libc } from './libc.js';

const SIGALRM = 14;
const SIGSET_SIZE = 128;
/** What the kernel calls a sigset_t: 64 signals. */
const KERNEL_SIGSET_SIZE = 8;
const CLOCK_MONOTONIC = 1;
/** struct sigevent: the value, signal number, way of notifying, thread id. */
const SIGEVENT = { size: 64, signal: 8, notify: 12, thread: 16 } as const;
const SIGEV_THREAD_ID = 4;

/**
 * A time limit for calls of this thread. The signal that ends them is blocked, so that it reaches
 * nothing else in this process: KVM_RUN alone lets it in (KVM_SET_SIGNAL_MASK), returns EINTR and
 * leaves it pending, and it is taken then. No handler is needed, which could not be in JavaScript.
 */
export class RunLimit {
  readonly #set = signalSet();
  readonly #timer: bigint;

  constructor() {
    const event = Buffer.alloc(SIGEVENT.size);
    event.writeInt32LE(SIGALRM, SIGEVENT.signal);
    event.writeInt32LE(SIGEV_THREAD_ID, SIGEVENT.notify);
    event.writeInt32LE(libc().threadId(), SIGEVENT.thread);
    const timer = new BigUint64Array(1);
    requireSuccess('sigprocmask', libc().blockSignals(this.#set));
    requireSuccess('timer_create', libc().createTimer(CLOCK_MONOTONIC, event, timer));
    this.#timer = timer[0] ?? 0n;
  }

  /** struct kvm_signal_mask for KVM_SET_SIGNAL_MASK: the signals that a vCPU runs with blocked, none. */
  static readonly signalMask: Uint8Array = Uint8Array.of(
    ...[KERNEL_SIGSET_SIZE, 0, 0, 0],
    ...Array<number>(KERNEL_SIGSET_SIZE).fill(0),
  );

  /** Calls `run`, which the signal interrupts after `limitMs`. */
  during<T>(limitMs: number, run: () => T): T {
    this.#arm(limitMs);
    try {
      return run();
    } finally {
      this.#arm(0);
      libc().takeSignal(this.#set); // what came after the call had ended by itself
    }
  }

  /** 0 stops the timer. */
  #arm(ms: number): void {
    const nanoseconds = BigInt(ms % 1000) * 1_000_000n;
    const time = BigUint64Array.of(0n, 0n, BigInt(Math.floor(ms / 1000)), nanoseconds);
    requireSuccess('timer_settime', libc().setTimer(this.#timer, time));
  }
}

function signalSet(): Uint8Array {
  const set = Buffer.alloc(SIGSET_SIZE);
  set.writeUInt32LE(2 ** (SIGALRM - 1), 0);
  return set;
}

function requireSuccess(what: string, result: number): void {
  if (result < 0) throw new Error(`${what}: ${errnoName(result)}`);
}
