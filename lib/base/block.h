/* SPDX-License-Identifier: MIT */
/*
 * block.h - what calls hand out: one allocation that remembers its allocator, for ec_free().
 */
#ifndef EC_BASE_BLOCK_H
#define EC_BASE_BLOCK_H

#include <ecommerce/sys/platform.h>

/* Fill the zero members of a platform with the defaults of this system. */
void ec_platform_complete(ec_platform *platform);

/* A zeroed block for the caller, released by ec_free(). It keeps a copy of the platform's resize
   and ctx, so it may outlive its engine as long as ctx does. NULL when memory is out. */
void *ec_block_alloc(const ec_platform *platform, size_t size);

#endif
