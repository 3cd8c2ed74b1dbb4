#!/bin/sh
# SPDX-License-Identifier: MIT
# check-man.sh PAGE HEADER MAP ABI CC: the manual page is well formed, declares every exported function
# and every type of a callback as the header does, lays the structures out as abi.txt says, and
# names every constant.
set -eu

page=$1 header=$2 map=$3 abi=$4 cc=$5
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

mandoc -T lint -W warning "$page"

# The synopsis as text is C: the header's declarations come first, and have to agree.
mandoc -T ascii "$page" | sed 's/.\x08//g' > "$folder/text"
sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' "$folder/text" | sed '1d;$d' > "$folder/synopsis.c"
compile() { "$cc" -std=c11 -Wall -Wextra -Werror -fsyntax-only -I "$(dirname "$header")" "$1"; }
compile "$folder/synopsis.c"

# So are the structures, under other names next to the header's, and the types of callbacks.
{
	echo '#include <sprsync.h>'
	sed -n '/^   Structures/,/^   The table/p' "$folder/text" |
		sed -n '/^ *struct.*{/,/^ *};/p; /^ *typedef/,/;/p' |
		sed 's/struct sprsync_\([a-z]*\) {/struct page_\1 {/'
	sed -n -e 's/^struct sprsync_\([a-z]*\) \([0-9]*\)$/\1 \2/p' "$abi" |
		while read -r name size; do
			# What is the library's alone is no structure of the page.
			test "$name" = index && continue
			echo "_Static_assert(sizeof(struct page_$name) == $size, \"$name\");"
		done
	sed -n 's/^field sprsync_\([a-z]*\)\.\([a-z_]*\) \([0-9]*\) \([0-9]*\)$/\1 \2 \3 \4/p' "$abi" |
		while read -r name field offset size; do
			echo "_Static_assert(offsetof(struct page_$name, $field) == $offset &&"
			echo "	sizeof(((struct page_$name *)0)->$field) == $size &&"
			echo "	_Generic(&((struct page_$name *)0)->$field,"
			echo "		__typeof__(&((struct sprsync_$name *)0)->$field) : 1,"
			echo "		default : 0), \"$name.$field\");"
		done
} > "$folder/structures.c"
compile "$folder/structures.c"

sed -n -e 's/^constant \(SPRSYNC_[A-Z0-9_]*\) .*/\1/p' \
	-e 's/^typedef.*(\*\(sprsync_[a-z]*_fn\)).*/\1/p' "$abi" "$header" |
	while read -r name; do
		grep -qw "$name" "$folder/text" || {
			echo "$page does not name $name" >&2
			exit 1
		}
	done

sed -n 's/.*\(sprsync_[a-z0-9_]*\)(.*/\1/p' "$folder/synopsis.c" | sort > "$folder/page"
sed -n 's/^\t\(sprsync_[a-z0-9_]*\);$/\1/p' "$map" | sort > "$folder/map"
diff -u "$folder/map" "$folder/page"

# Each of them is spoken of, too, not only declared.
while read -r name; do
	grep -q "^\.Fn $name\( [:,.]\)*$" "$page" || {
		echo "$page does not describe $name" >&2
		exit 1
	}
done < "$folder/map"
echo "ok: sprsync(3) has all $(wc -l < "$folder/map") functions, structures and constants of $header"
