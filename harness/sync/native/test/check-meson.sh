#!/bin/sh
# SPDX-License-Identifier: MIT
# check-meson.sh PKG_CONFIG VERSION: the Meson build passes the tests and installs what make does.
set -eu

pkg_config=$1 version=$2
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT INT TERM

meson setup "$build/meson" . --prefix=/usr --libdir=lib -Dwerror=true > "$build/log" 2>&1 &&
	meson test -C "$build/meson" >> "$build/log" 2>&1 &&
	DESTDIR="$build/root" meson install -C "$build/meson" >> "$build/log" 2>&1 || {
	cat "$build/log" "$build/meson/meson-logs/testlog.txt" >&2
	exit 1
}
passed=$(sed -n 's/^Ok: *//p' "$build/log")
export PKG_CONFIG_PATH="$build/root/usr/lib/pkgconfig"
test "$($pkg_config --modversion sprsync)" = "$version"
make -s install BUILD="$build/make" DESTDIR="$build/by-make" PREFIX=/usr
(cd "$build/root" && find . ! -type d | sort) > "$build/meson-files"
(cd "$build/by-make" && find . ! -type d | sort) > "$build/make-files"
diff -u "$build/make-files" "$build/meson-files"
soname() { readelf -d "$1"/usr/lib/libsprsync.so | grep SONAME; }
test "$(soname "$build/root")" = "$(soname "$build/by-make")"
symbols() { nm -D --defined-only "$1"/usr/lib/libsprsync.so | sed 's/^[0-9a-f]* //'; }
test "$(symbols "$build/root")" = "$(symbols "$build/by-make")"
echo "ok: Meson builds libsprsync $version, $passed tests pass, and it installs what make does"
