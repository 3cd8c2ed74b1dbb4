export { temporaryFolder } from '../../base/testing/temporary-folder.js';
