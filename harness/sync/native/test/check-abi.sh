#!/bin/sh
# SPDX-License-Identifier: MIT
# check-abi.sh PROGRAM LIBRARY HEADER LIST SONAME [--update]
# What the list has, the library still has: symbols with their version, sizes and offsets,
# constants, registers.  More is no break, and has to be listed all the same.
set -eu

program=$1 library=$2 header=$3 list=$4 soname=$5
found=$(mktemp)
trap 'rm -f "$found"' EXIT INT TERM

{
	echo '# The ABI of libsprsync on 64-bit machines.  Written by make update-abi.'
	echo "soname $soname"
	nm -D --defined-only "$library" | sed -n 's/.* T /symbol /p' | sort
	"$program"
} > "$found"
# The program speaks of all that the header has, so that it cannot change unseen.
sed -e 's|/\*.*\*/||' -e '/\/\*/,/\*\//d' "$header" |
	sed -n -e 's/^\t\(SPRSYNC_[A-Z0-9_]*\) = .*/constant \1/p' -e 's/^\(struct sprsync_[a-z]*\) {/\1/p' |
	grep -v ' SPRSYNC_VERSION$' | while read -r entry; do
	grep -q "^$entry " "$found" || {
		echo "test/abi.c does not have $entry of $header" >&2
		exit 1
	}
done
test "$(readelf -d "$library" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')" = "$soname"

if [ "${6:-}" = --update ]; then
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
