// Reads minified ASCII without escapes, a block at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace {

#if defined(__SSE2__)

constexpr size_t block_size = 16;

inline __m128i block_at(const uint8_t *bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes)); }

// Returns a bit for each of the first `count` bytes.
inline uint32_t bits(size_t count) { return uint32_t((uint64_t(1) << count) - 1); }

inline bool are_equal(const uint8_t *a, const uint8_t *b, size_t count) {
    uint32_t equal = uint32_t(_mm_movemask_epi8(_mm_cmpeq_epi8(block_at(a), block_at(b))));
    return (~equal & bits(count)) == 0;
}

// Marks bytes that are not plain. As signed numbers, control characters and bytes beyond ASCII are all less than a
// blank.
inline __m128i not_plain(const uint8_t *bytes) {
    __m128i block = block_at(bytes);
    __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
    return _mm_or_si128(low, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
}

inline __m128i both(__m128i a, __m128i b) { return _mm_or_si128(a, b); }
inline bool is_none(__m128i found) { return _mm_movemask_epi8(found) == 0; }

inline uint32_t first_of(__m128i found) {
    return uint32_t(__builtin_ctz(unsigned(_mm_movemask_epi8(found)) | 1U << 31));
}

// Returns the place of the first quote, or at least `block_size`.
inline uint32_t quote_in_block(const uint8_t *bytes) {
    return first_of(_mm_cmpeq_epi8(block_at(bytes), _mm_set1_epi8('"')));
}

// Returns the place of the first quote or byte that is not plain, or at least `block_size`.
inline uint32_t end_in_block(const uint8_t *bytes) {
    return first_of(both(not_plain(bytes), _mm_cmpeq_epi8(block_at(bytes), _mm_set1_epi8('"'))));
}

#else

constexpr size_t block_size = 8;
constexpr uint64_t ones = 0x0101010101010101;

inline uint64_t block_at(const uint8_t *bytes) {
    uint64_t block;
    std::memcpy(&block, bytes, 8);
    return block;
}

// Returns the first bytes of a block, little endian.
inline uint64_t first(size_t count, uint64_t block) {
    return count < 8 ? block & ~(~uint64_t(0) << (8 * count)) : block;
}

inline bool are_equal(const uint8_t *a, const uint8_t *b, size_t count) {
    return first(count, block_at(a) ^ block_at(b)) == 0;
}

// Sets the highest bit of each byte that is not plain. Bits behind the first such byte may be wrong.
inline uint64_t not_plain(const uint8_t *bytes) {
    uint64_t block = block_at(bytes);
    return block | (block - ones * 0x20) | ((block ^ ones * '\\') - ones);
}

inline uint64_t both(uint64_t a, uint64_t b) { return a | b; }
inline bool is_none(uint64_t found) { return !(found & (ones << 7)); }

inline uint32_t first_of(uint64_t found) {
    found &= ones << 7;
    return found ? uint32_t(__builtin_ctzll(found)) / 8 : 31;
}

// Sets the highest bit of each quote. Bits behind the first one may be wrong.
inline uint64_t quotes(const uint8_t *bytes) {
    uint64_t other = block_at(bytes) ^ ones * '"';
    return (other - ones) & ~other;
}

// Returns the place of the first quote, or at least `block_size`.
inline uint32_t quote_in_block(const uint8_t *bytes) { return first_of(quotes(bytes)); }

// Returns the place of the first quote or byte that is not plain, or at least `block_size`.
inline uint32_t end_in_block(const uint8_t *bytes) { return first_of(quotes(bytes) | not_plain(bytes)); }

#endif

// Returns the next quote before `end`, or null. It may read behind the document.
inline const uint8_t *quote_from(const uint8_t *byte, const uint8_t *end) {
    for (; byte < end; byte += block_size) {
        uint32_t place = quote_in_block(byte);
        if (place < block_size) {
            byte += place;
            return byte < end ? byte : nullptr;
        }
    }
    return nullptr;
}

// Returns the same, or null if a byte before the quote is not plain.
inline const uint8_t *plain_quote_from(const uint8_t *byte, const uint8_t *end) {
    for (; byte < end; byte += block_size) {
        uint32_t place = end_in_block(byte);
        if (place < block_size) {
            byte += place;
            return byte < end && *byte == '"' ? byte : nullptr;
        }
    }
    return nullptr;
}

// The bytes of numbers, true, false and null.
struct ScalarBytes {
    bool contains[256];
    constexpr ScalarBytes() : contains() {
        for (int byte = '0'; byte <= '9'; byte++) { contains[byte] = true; }
        for (int byte = 'a'; byte <= 'z'; byte++) { contains[byte] = true; }
        for (char byte : {'.', '-', '+', 'E'}) { contains[uint8_t(byte)] = true; }
    }
};

constexpr ScalarBytes scalar_bytes;

// Skips a number, true, false or null. Returns null if there is none.
inline const uint8_t *after_scalar(const uint8_t *byte, const uint8_t *end) {
    const uint8_t *start = byte;
    while (byte < end && scalar_bytes.contains[*byte]) { byte++; }
    return byte > start ? byte : nullptr;
}

}  // namespace
