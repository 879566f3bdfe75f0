/* SPDX-License-Identifier: MIT */
/**
 * @file export.h
 * @brief What marks a symbol as part of the public interface, and which version this header is.
 */
#ifndef ECOMMERCE_EXPORT_H
#define ECOMMERCE_EXPORT_H

#define EC_VERSION_MAJOR 0
#define EC_VERSION_MINOR 1
#define EC_VERSION_PATCH 0
/** The version of these headers as text. @since 0.1 */
#define EC_VERSION "0.1.0"
/** The version of these headers as one number: major * 10000 + minor * 100 + patch. @since 0.1 */
#define EC_VERSION_NUMBER (EC_VERSION_MAJOR * 10000 + EC_VERSION_MINOR * 100 + EC_VERSION_PATCH)

#if defined(_WIN32) || defined(SWIG)
#define EC_API
#else
/** Marks a function that programs may call; every other symbol of the library is hidden. */
#define EC_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define EC_BEGIN_DECLS extern "C" {
#define EC_END_DECLS }
#else
#define EC_BEGIN_DECLS
#define EC_END_DECLS
#endif

#endif
