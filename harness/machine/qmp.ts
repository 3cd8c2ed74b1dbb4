import type { Duplex } from 'node:stream';

/**
 * The one thing that the harness asks of QEMU's monitor: to end. QMP wants its capabilities
 * negotiated first (docs/interop/qmp-spec); both commands may be sent without waiting.
 */
export function qmpQuit(monitor: Duplex): void {
  monitor.write('{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n');
}
