import { BROKEN_KERNELS } from '../../../fixtures/broken-kernels/between-calls/broken-kernels.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { proveFaults } from './broken-cells.js';

/*
 * The probes of a deep run are proved: a kernel is built with many faults of our own making, and every fault must
 * be named.
 */
await skipWithoutBuildTools();
proveFaults(BROKEN_KERNELS);
