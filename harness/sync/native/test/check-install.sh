#!/bin/sh
# SPDX-License-Identifier: MIT
# check-install.sh MAKE CC PKG_CONFIG VERSION
# Installs into a temporary place, builds the example against that as a VMM would,
# and takes everything away again.
set -eu

make=$1 cc=$2 pkg_config=$3 version=$4
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM

$make -s install DESTDIR="$root" PREFIX=/usr
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_PATH="$root/usr/lib/pkgconfig"
test "$($pkg_config --modversion sprsync)" = "$version"

# The words of the flags are meant to be split.
# shellcheck disable=SC2046
$cc -std=c11 -Wall -Wextra -Werror -o "$root/show-registers" example/show-registers.c \
	$($pkg_config --cflags --libs sprsync)
readelf -d "$root/show-registers" | grep -q 'NEEDED.*libsprsync\.so\.'
LD_LIBRARY_PATH="$root/usr/lib" ldd "$root/show-registers" | grep -q "$root/usr/lib/libsprsync"
rm "$root/show-registers"

$make -s uninstall DESTDIR="$root" PREFIX=/usr
left=$(find "$root" ! -type d)
if [ -n "$left" ]; then
	echo "not uninstalled: $left" >&2
	exit 1
fi
echo "ok: libsprsync $version installs, links with pkg-config and uninstalls"
