#!/usr/bin/env node
// What package.json calls `sprmatrix`. This file is for every Node, the one it starts for new ones.
'use strict';

require('../scripts/require-node.cjs');
require('./start-built.cjs');
