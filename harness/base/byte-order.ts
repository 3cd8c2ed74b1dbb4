/** Of a kernel and all that runs under it. */
export type ByteOrder = 'little' | 'big';
