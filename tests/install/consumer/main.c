/* SPDX-License-Identifier: MIT */
/*
 * A stranger's program: prints the version of the library that it runs with, and fails when that
 * is not the version of the headers that it was compiled with.
 */
#include <ecommerce/types.h>

#include <stdio.h>

int main(void)
{
    puts(ec_version());
    return ec_version_number() == EC_VERSION_NUMBER ? 0 : 1;
}
