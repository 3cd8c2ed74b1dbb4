/** Stanzas as they stand in Debian's indexes, shortened by hand to the fields that are read. */

/** One package that is the whole kernel; an older one next to it, debug symbols, and a metapackage. */
export const BOOKWORM = `Package: linux-image-6.1.0-47-powerpc64le
Source: linux
Version: 6.1.170-3
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Description: Linux 6.1 for Little-endian 64-bit PowerPC
Filename: pool/main/l/linux/linux-image-6.1.0-47-powerpc64le_6.1.170-3_ppc64el.deb
Size: 49112060
SHA256: ${'a'.repeat(64)}

Package: linux-image-6.1.0-50-powerpc64le
Source: linux
Version: 6.1.176-1
Depends: kmod, linux-base (>= 4.3~), initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Description: Linux 6.1 for Little-endian 64-bit PowerPC
Filename: pool/main/l/linux/linux-image-6.1.0-50-powerpc64le_6.1.176-1_ppc64el.deb
Size: 49160448
SHA256: ${'b'.repeat(64)}

Package: linux-image-6.1.0-50-powerpc64le-dbg
Source: linux
Version: 6.1.176-1
Filename: pool/main/l/linux/linux-image-6.1.0-50-powerpc64le-dbg_6.1.176-1_ppc64el.deb
Size: 717660264
SHA256: ${'c'.repeat(64)}

Package: linux-image-powerpc64le
Source: linux-signed
Version: 6.1.176-1
Depends: linux-image-6.1.0-50-powerpc64le (= 6.1.176-1)
Filename: pool/main/l/linux/linux-image-powerpc64le_6.1.176-1_ppc64el.deb
Size: 1400
SHA256: ${'d'.repeat(64)}
`;

/** Both page sizes. */
export const BACKPORTS = `Package: linux-image-6.12.95+deb12-powerpc64le
Source: linux
Version: 6.12.95-1~bpo12+1
Depends: kmod, initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Filename: pool/main/l/linux/linux-image-6.12.95+deb12-powerpc64le_6.12.95-1~bpo12+1_ppc64el.deb
Size: 80115140
SHA256: ${'1'.repeat(64)}

Package: linux-image-6.12.95+deb12-powerpc64le-64k
Source: linux
Version: 6.12.95-1~bpo12+1
Depends: kmod, initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool
Filename: pool/main/l/linux/linux-image-6.12.95+deb12-powerpc64le-64k_6.12.95-1~bpo12+1_ppc64el.deb
Size: 79235668
SHA256: ${'2'.repeat(64)}
`;

/** A kernel in three packages; a release candidate. */
export const EXPERIMENTAL = `Package: linux-binary-7.3-powerpc64le
Source: linux
Version: 7.3~rc7-1~exp1
Depends: linux-base-7.3-powerpc64le (= 7.3~rc7-1~exp1)
Filename: pool/main/l/linux/linux-binary-7.3-powerpc64le_7.3~rc7-1~exp1_ppc64el.deb
Size: 11280624
SHA256: ${'3'.repeat(64)}

Package: linux-modules-7.3-powerpc64le
Source: linux
Version: 7.3~rc7-1~exp1
Depends: kmod, linux-base-7.3-powerpc64le (= 7.3~rc7-1~exp1)
Filename: pool/main/l/linux/linux-modules-7.3-powerpc64le_7.3~rc7-1~exp1_ppc64el.deb
Size: 80080212
SHA256: ${'4'.repeat(64)}

Package: linux-image-7.3-powerpc64le
Source: linux
Version: 7.3~rc7-1~exp1
Depends: dracut | initramfs-tools (>= 0.120+deb8u2) | linux-initramfs-tool, linux-base-7.3-powerpc64le (= 7.3~rc7-1~exp1),
 linux-binary-7.3-powerpc64le (= 7.3~rc7-1~exp1), linux-modules-7.3-powerpc64le (= 7.3~rc7-1~exp1)
Filename: pool/main/l/linux/linux-image-7.3-powerpc64le_7.3~rc7-1~exp1_ppc64el.deb
Size: 1876
SHA256: ${'5'.repeat(64)}
`;
