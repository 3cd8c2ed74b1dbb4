import type { Duplex } from 'node:stream';

/** What the harness asks of QEMU's monitor: to end, to stand still, and to go on. */
export type QmpCommand = 'quit' | 'stop' | 'cont';

/**
 * Sends a command. QMP wants its capabilities negotiated first, once (docs/interop/qmp-spec): to ask for
 * them again is an error that has no effect. Nothing has to be waited for.
 */
export function sendQmp(monitor: Duplex, command: QmpCommand): void {
  monitor.write(`{"execute":"qmp_capabilities"}\n{"execute":"${command}"}\n`);
}
