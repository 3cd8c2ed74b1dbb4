#!/bin/sh
# SPDX-License-Identifier: MIT
# check-install.sh MAKE CC PKG_CONFIG VERSION
# Installs into a temporary place, moves the tree, builds and runs a project that is elsewhere against
# it with nothing but pkg-config, shared and static, and takes everything away again.
set -eu

make=$1 cc=$2 pkg_config=$3 version=$4
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM

$make -s install DESTDIR="$root/first" PREFIX=/usr
for file in include/sprsync.h lib/libsprsync.a lib/libsprsync.so share/man/man3/sprsync.3 \
	share/doc/libsprsync/LICENSE; do
	test -s "$root/first/usr/$file"
done
grep -qx 'libdir=${prefix}/lib' "$root/first/usr/lib/pkgconfig/sprsync.pc"

mkdir "$root/project"
cp -r "$root/first/usr" "$root/moved"
cp example/show-registers.c test/client.c "$root/project/"
cd "$root/project"
export PKG_CONFIG_PATH="$root/moved/lib/pkgconfig"
flags() { $pkg_config --define-variable=prefix="$root/moved" "$@" sprsync; }
test "$(flags --modversion)" = "$version"

# The words of the flags are meant to be split.
# shellcheck disable=SC2046
for program in show-registers client; do
	$cc -std=c11 -Wall -Wextra -Wpedantic -Werror -o $program $program.c $(flags --cflags --libs)
	$cc -std=c11 -Wall -Wextra -Wpedantic -Werror -o $program-static $program.c \
		$(flags --cflags) "$root/moved/lib/libsprsync.a"
	readelf -d $program | grep -q 'NEEDED.*libsprsync\.so\.'
	if readelf -d $program-static | grep libsprsync; then exit 1; fi
	LD_LIBRARY_PATH="$root/moved/lib" ldd $program | grep -q "$root/moved/lib/libsprsync"
done
LD_LIBRARY_PATH="$root/moved/lib" ./client
./client-static
if command -v "${CXX:-g++}" > /dev/null; then
	# shellcheck disable=SC2046
	"${CXX:-g++}" -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only $(flags --cflags) \
		"$root/moved/include/sprsync.h"
fi

cd - > /dev/null
$make -s uninstall DESTDIR="$root/first" PREFIX=/usr
left=$(find "$root/first" ! -type d)
if [ -n "$left" ]; then
	echo "not uninstalled: $left" >&2
	exit 1
fi
echo "ok: libsprsync $version installs, moves, links with pkg-config and uninstalls"
