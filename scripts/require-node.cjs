// Ends the process with one line when this Node is none that package.json's `engines` names. Written for
// old Nodes: of what they cannot parse they would only show the syntax error.
'use strict';

var wanted = require('../package.json').engines.node;
var have = process.versions.node.split('.').map(Number);

/** Whether this Node is in one range: `^20.19.0` or `>=24`. */
function isIn(range) {
  var least = range.replace(/^\D+/, '').split('.').map(Number);
  var isSameLine = have[0] === least[0];
  if (range.charAt(0) !== '^' && have[0] > least[0]) return true;
  return isSameLine && have[1] >= (least[1] || 0);
}

if (!wanted.split(' || ').some(isIn)) {
  console.error(
    'sprmatrix needs Node ' +
      wanted
        .replace(/\.0\b/g, '')
        .replace(/ \|\| /g, ' or ')
        .replace(/\^/g, '')
        .replace('>=', '') +
      ' or newer, and ' +
      process.execPath +
      ' is ' +
      process.versions.node,
  );
  process.exit(3);
}
