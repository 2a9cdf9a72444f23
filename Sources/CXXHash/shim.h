// XXH3 as inline functions: Swift imports neither the macros nor the inline variants of xxhash.h.
#pragma once
#define XXH_INLINE_ALL
#include <xxhash.h>

static inline XXH128_hash_t xxh3_128(const void *bytes, size_t count) { return XXH3_128bits(bytes, count); }
// The prefetch that xxhash.h itself uses.
static inline void prefetch(const void *address) { XXH_PREFETCH(address); }
static inline uint64_t xxh3_64(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
