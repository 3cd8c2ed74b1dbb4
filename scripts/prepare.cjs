// `npm run prepare`: builds, or says in one line why it cannot, and what to run.
'use strict';

require('./require-node.cjs');
require('./build-when-possible.cjs');
