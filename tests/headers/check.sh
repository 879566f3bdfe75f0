#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Each public header, alone and included twice, must compile without a warning as C11 and as C++17.
# <ecommerce.h> must include them all but those of sys/. Each internal header must be self-contained
# in C17 as well.
#
# usage: check.sh COMPILER SOURCE_DIR
set -u
compiler=$1
source=$2
failed=0
strict='-fsyntax-only -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef'

# try LANGUAGE STANDARD INCLUDE "FLAGS": compile a file of nothing but the header, twice
try() {
    # shellcheck disable=SC2086
    if ! printf '#include %s\n#include %s\ntypedef int t;\n' "$3" "$3" |
        "$compiler" -x "$1" "-std=$2" $strict $4 -; then
        echo "not clean as $2 with $compiler: $3"
        failed=1
    fi
}

count=0
cd "$source/include" || exit 1
for header in ecommerce/*.h; do
    if ! grep -qx "#include <$header>" ecommerce.h; then
        echo "ecommerce.h does not include <$header>"
        failed=1
    fi
done
for header in $(find . -name '*.h' | sort); do
    header="<${header#./}>"
    try c c11 "$header" "-I. -Wstrict-prototypes -Wc++-compat"
    try c++ c++17 "$header" "-I. -Wold-style-cast"
    count=$((count + 1))
done

cd "$source/lib" || exit 1
for header in $(find . -name '*.h' | sort); do
    try c c17 "\"${header#./}\"" "-I. -I../include -D_POSIX_C_SOURCE=200809L -Wstrict-prototypes"
    count=$((count + 1))
done

echo "$count headers"
exit $failed
