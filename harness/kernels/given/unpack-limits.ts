/** How large what was packed may become: more than any kernel with its debug information, less than a disk. */
export interface UnpackLimits {
  /** Everything in an archive, in bytes. */
  readonly archiveBytes: number;
  /** One packed file: an image. */
  readonly fileBytes: number;
  /** Members of an archive. */
  readonly members: number;
}

export const UNPACK_LIMITS: UnpackLimits = {
  archiveBytes: 12e9,
  fileBytes: 2e9,
  members: 400_000,
};
