#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A stranger's program finds the installed library by CMake and by pkg-config, shared and static,
# also after the installed tree has been moved.
#
# usage: check.sh CMAKE BUILD_DIR COMPILER
set -eu
cmake=$1
build=$2
compiler=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$build/tests/install
rm -rf "$work"
mkdir -p "$work"

say() {
    echo "-- $*"
}

# run_both PROGRAM...: each prints the version of the library that it runs with
run() {
    said=$("$1")
    [ "$said" = "$version" ] || {
        echo "$1 says '$said' instead of '$version'"
        exit 1
    }
}

say "install into a prefix, then move it"
"$cmake" --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix"
prefix=$work/prefix
pc=$(find "$prefix" -name ecommerce.pc)
libdir=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH="$(dirname "$pc")${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
version=$(pkg-config --modversion ecommerce)

say "the name that programs remember"
major=${version%%.*}
readelf -d "$libdir/libecommerce.so" | grep -q "SONAME.*\[libecommerce\.so\.$major\]"
[ -e "$libdir/libecommerce.so.$major" ]
if grep -rl "$work/first\|$build/" "$libdir/pkgconfig" "$libdir/cmake"; then
    echo "the files above name the folder of the build"
    exit 1
fi

say "pkg-config, shared"
# shellcheck disable=SC2046
"$compiler" -Werror -Wall "$here/consumer/main.c" -o "$work/pc-shared" \
    $(pkg-config --cflags --libs ecommerce) "-Wl,-rpath,$libdir"
readelf -d "$work/pc-shared" | grep -q "NEEDED.*libecommerce\.so\.$major"
run "$work/pc-shared"

say "pkg-config, static"
# shellcheck disable=SC2046
"$compiler" -Werror -Wall "$here/consumer/main.c" -o "$work/pc-static" \
    $(pkg-config --static --cflags --libs ecommerce | sed 's/-lecommerce/-l:libecommerce.a/')
if readelf -d "$work/pc-static" | grep -q 'NEEDED.*libecommerce'; then
    echo "the static program needs the shared library"
    exit 1
fi
run "$work/pc-static"

say "CMake, both targets"
{
    "$cmake" -S "$here/consumer" -B "$work/consumer" "-DCMAKE_PREFIX_PATH=$prefix" \
        "-DCMAKE_C_COMPILER=$compiler"
    "$cmake" --build "$work/consumer"
} >"$work/consumer.log" 2>&1 || {
    cat "$work/consumer.log"
    exit 1
}
run "$work/consumer/with_shared"
run "$work/consumer/with_static"

if [ -e "$prefix/bin/ecommerce" ]; then
    say "the program"
    "$prefix/bin/ecommerce" version | grep -q "$version"
    for made in man/man1/ecommerce.1 bash-completion/completions/ecommerce \
        zsh/site-functions/_ecommerce; do
        [ -s "$prefix/share/$made" ] || {
            echo "share/$made is missing"
            exit 1
        }
    done
fi
say "done"
