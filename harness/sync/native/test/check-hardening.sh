#!/bin/sh
# SPDX-License-Identifier: MIT
# check-hardening.sh MAKE SONAME: builds as Debian's packages are built, with every hardening flag
# and its CPPFLAGS, and looks for their traces in the shared object.
set -eu

make=$1 soname=$2
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT INT TERM

flag() { DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"; }
$make -s WERROR=1 BUILD="$build" CPPFLAGS="$(flag CPPFLAGS)" CFLAGS="$(flag CFLAGS)" \
	LDFLAGS="$(flag LDFLAGS)" shared static
object="$build/$soname"
readelf -lW "$object" | grep -q GNU_RELRO
readelf -dW "$object" | grep -q BIND_NOW
readelf -lW "$object" | grep 'GNU_STACK' | grep -qv E
if readelf -dW "$object" | grep TEXTREL; then exit 1; fi
nm -D "$object" | grep -q '__stack_chk_fail'
# _FORTIFY_SOURCE comes with CPPFLAGS.
nm -D "$object" | grep -q '__[a-z]*_chk\b'
echo "ok: $soname is built with Debian's hardening"
