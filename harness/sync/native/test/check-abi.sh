#!/bin/sh
# SPDX-License-Identifier: MIT
# check-abi.sh PROGRAM LIBRARY LIST SONAME [--update]
# What the list has, the library still has: symbols with their version, sizes and offsets,
# constants, registers.  More is no break, and has to be listed all the same.
set -eu

program=$1 library=$2 list=$3 soname=$4
found=$(mktemp)
trap 'rm -f "$found"' EXIT INT TERM

{
	echo '# The ABI of libsprsync on 64-bit machines.  Written by make update-abi.'
	echo "soname $soname"
	nm -D --defined-only "$library" | sed -n 's/.* T /symbol /p' | sort
	"$program"
} > "$found"
test "$(readelf -d "$library" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')" = "$soname"

if [ "${5:-}" = --update ]; then
	cp "$found" "$list"
	chmod 644 "$list"
	exit 0
fi
gone=$(grep -vxFf "$found" "$list" || true)
if [ -n "$gone" ]; then
	echo "the ABI changed: a program that was linked with $soname relies on" >&2
	echo "$gone" >&2
	echo "a new minor version has a new soname (sprsync.h); then make update-abi" >&2
	exit 1
fi
new=$(grep -vxFf "$list" "$found" || true)
if [ -n "$new" ]; then
	echo "new in the ABI and not in $list (make update-abi):" >&2
	echo "$new" >&2
	exit 1
fi
echo "ok: the ABI has all $(grep -vc '^#' "$list") entries of $list"
