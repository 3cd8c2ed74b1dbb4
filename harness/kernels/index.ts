/** Where kernels come from: Debian's, found through apt, and the user's own files. */
export { loadCatalogue } from './catalogue.js';
export type { Catalogue, CatalogueOptions } from './catalogue.js';
export { readFileKernel } from './file-kernel.js';
export { buildInitramfs } from './initramfs.js';
export type { FileSource, KernelEntry, KernelOptions } from './kernel-entry.js';
export { prepareKernel } from './prepare-kernel.js';
export type { PrepareOptions } from './prepare-kernel.js';
export type { ByteOrder, PreparedKernel } from './prepared-kernel.js';
export { isPathSelector, matchKernels, needsCatalogue, selectKernels } from './select-kernels.js';
