#!/bin/sh
# SPDX-License-Identifier: MIT
# check-man.sh PAGE HEADER MAP CC: the manual page is well formed, and its synopsis declares every
# exported function as the header does.
set -eu

page=$1 header=$2 map=$3 cc=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

mandoc -T lint -W warning "$page"

# The synopsis as text is C: the header's declarations come first, and have to agree.
mandoc -T ascii "$page" | sed 's/.\x08//g' |
	sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed '1d;$d' > "$folder/synopsis.c"
"$cc" -std=c11 -Wall -Wextra -Werror -fsyntax-only -I "$(dirname "$header")" "$folder/synopsis.c"

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
echo "ok: sprsync(3) has all $(wc -l < "$folder/map") functions as $header declares them"
