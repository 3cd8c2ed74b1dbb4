#!/bin/sh
# SPDX-License-Identifier: MIT
# check-dist.sh MAKE VERSION: the tarball is the same bytes twice, builds and passes its tests alone,
# builds with warnings, names its licence in every file, and makes itself again.
set -eu

make=$1 version=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

$make -s dist BUILD="$folder/one" > "$folder/log"
$make -s dist BUILD="$folder/two" > "$folder/log"
cmp "$folder/one/libsprsync-$version.tar.gz" "$folder/two/libsprsync-$version.tar.gz"
tar -xf "$folder/one/libsprsync-$version.tar.gz" -C "$folder"
cd "$folder/libsprsync-$version"
bare=$(find . -type f ! -name LICENSE ! -name abi.txt ! -name .clang-format \
	-exec grep -L 'SPDX-License-Identifier: MIT' {} +)
if [ -n "$bare" ]; then
	echo "without a licence: $bare" >&2
	exit 1
fi
grep -q 'MIT License' LICENSE
# Alone: with none of the variables that were given to the make that runs this.
unset MAKEFLAGS MFLAGS BUILD WERROR
$make -s WERROR=1 test test-abi > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
test -e build/libsprsync.so
# A compiler that warns more than ours is no reason not to build: -Wpadded stands for it.
$make -s static BUILD=warned CFLAGS=-Wpadded > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
grep -q 'Wpadded' "$folder/log"
$make -s dist BUILD="$folder/three" > "$folder/log"
echo "ok: libsprsync-$version.tar.gz is reproducible, licensed and stands alone"
