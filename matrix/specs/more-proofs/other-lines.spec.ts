import { BROKEN_KERNELS_OF_OTHER_LINES } from '../../../fixtures/broken-kernels/between-calls/broken-kernels.js';
import { skipWithoutBuildTools } from '../../../fixtures/skip-without-build-tools.js';
import { proveFaults } from '../proofs/broken-cells.js';

/** The probes are proved in other lines and byte orders too: `npx playwright test --project=more-proofs`. */
await skipWithoutBuildTools(['powerpc64le-linux-gnu', 'powerpc64-linux-gnu']);
proveFaults(BROKEN_KERNELS_OF_OTHER_LINES);
