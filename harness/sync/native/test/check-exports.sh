#!/bin/sh
# SPDX-License-Identifier: MIT
# check-exports.sh HEADER MAP LIBRARY: the three name the same functions.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

# A declaration is what is left of a line with a name and "(" outside comments.
sed -e 's|/\*.*\*/||' -e '/\/\*/,/\*\//d' "$1" |
	sed -n 's/^[a-z].*\(sprsync_[a-z0-9_]*\)(.*/\1/p' | sort > "$folder/header"
sed -n 's/^\t\(sprsync_[a-z0-9_]*\);$/\1/p' "$2" | sort > "$folder/map"
nm -D --defined-only "$3" | sed -n 's/.* T \([^@]*\).*/\1/p' | sort > "$folder/library"

diff -u "$folder/header" "$folder/map"
diff -u "$folder/header" "$folder/library"
echo "ok: $(wc -l < "$folder/header") functions are declared, listed and exported"
