// The short way through a document as the Router writes it: minified, and nearly always plain ASCII without escapes.
//
// It takes only what simdjson's index would give the same values for, and leaves all else to that: a blank, a control
// character, an escape, any byte beyond ASCII, and whatever is no JSON.
#include "paths.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace {

#if defined(__SSE2__)

constexpr size_t block_size = 16;

inline __m128i block_at(const uint8_t *bytes) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes)); }

// As signed numbers, control characters and what is beyond ASCII are all less than a blank.
inline bool is_plain_block(const uint8_t *bytes) {
    __m128i block = block_at(bytes);
    __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
    return _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')))) == 0;
}

// Where the first quote stands, or more than `block_size`.
inline uint32_t quote_in_block(const uint8_t *bytes) {
    int quotes = _mm_movemask_epi8(_mm_cmpeq_epi8(block_at(bytes), _mm_set1_epi8('"')));
    return uint32_t(__builtin_ctz(unsigned(quotes) | 1U << 31));
}

#else

constexpr size_t block_size = 8;
constexpr uint64_t ones = 0x0101010101010101;

inline uint64_t block_at(const uint8_t *bytes) {
    uint64_t block;
    std::memcpy(&block, bytes, 8);
    return block;
}

// Each byte that is not plain sets its highest bit in one of the three.
inline bool is_plain_block(const uint8_t *bytes) {
    uint64_t block = block_at(bytes);
    return !((block | (block - ones * 0x20) | ((block ^ ones * '\\') - ones)) & (ones << 7));
}

// Where the first quote stands, or more than `block_size`: exact up to the first.
inline uint32_t quote_in_block(const uint8_t *bytes) {
    uint64_t other = block_at(bytes) ^ ones * '"';
    uint64_t quotes = (other - ones) & ~other & (ones << 7);
    return quotes ? uint32_t(__builtin_ctzll(quotes)) / 8 : 31;
}

#endif

// No control character, no byte beyond ASCII, no backslash. At least a block; the last of it is looked at twice.
bool is_plain(const uint8_t *bytes, size_t count) {
    for (size_t i = 0; i + block_size <= count; i += block_size) {
        if (!is_plain_block(bytes + i)) { return false; }
    }
    return is_plain_block(bytes + count - block_size);
}

// The next quote; what stands after the document may be read, and must not be taken for it.
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

// What numbers, true, false and null are made of.
struct ScalarBytes {
    bool contains[256];
    constexpr ScalarBytes() : contains() {
        for (int byte = '0'; byte <= '9'; byte++) { contains[byte] = true; }
        for (int byte = 'a'; byte <= 'z'; byte++) { contains[byte] = true; }
        for (char byte : {'.', '-', '+', 'E'}) { contains[uint8_t(byte)] = true; }
    }
};

constexpr ScalarBytes scalar_bytes;

// Brackets are only counted, as those of the index are.
const uint8_t *after_brackets(const uint8_t *byte, const uint8_t *end) {
    uint32_t depth = 0;
    while (byte < end) {
        switch (*byte++) {
        case '"':
            byte = quote_from(byte, end);
            if (!byte) { return nullptr; }
            byte++;
            break;
        case '{': case '[': depth++; break;
        case '}': case ']':
            if (--depth == 0) { return byte; }
            break;
        default: break;
        }
    }
    return nullptr;
}

// One that nobody looks into.
inline const uint8_t *after_value(const uint8_t *byte, const uint8_t *end) {
    if (*byte == '"') {
        byte = quote_from(byte + 1, end);
        return byte ? byte + 1 : nullptr;
    }
    if (*byte == '{' || *byte == '[') { return after_brackets(byte, end); }
    const uint8_t *start = byte;
    while (byte < end && scalar_bytes.contains[*byte]) { byte++; }
    return byte > start ? byte : nullptr;
}

}  // namespace

bool select_paths::is_minified(const uint8_t *input, size_t count) {
    if (count < block_size || input[0] != '{' || !is_plain(input, count)) { return false; }
    return plain_object(nodes[0], input) == input + count;
}

// A wanted value. Most are looked into no further.
inline const uint8_t *select_paths::plain_value(const Node &node, const uint8_t *byte) {
    const uint8_t *next;
    if (node.level != none && *byte == '{') {
        next = plain_object(node, byte);
    } else if (node.element != none && *byte == '[') {
        next = plain_array(node, byte);
    } else {
        next = after_value(byte, json + length);
    }
    if (next && node.path != none) { take(node, byte, next); }
    return next;
}

// What stands behind the document is no JSON, but may be read: so one look suffices where a byte has a meaning.
const uint8_t *select_paths::plain_object(const Node &node, const uint8_t *byte) {
    const Level &level = levels[node.level];
    const uint8_t *stop = json + length;
    byte++;
    if (byte < stop && *byte == '}') { return byte + 1; }
    while (byte < stop && *byte == '"') {
        const uint8_t *key = byte + 1;
        MetKey &met = met_keys[key_count++ % met_count];
        int found = met.node;
        const uint8_t *value = key + met.length + 2;
        if (simdjson_unlikely(!met.is(key, node.level))) {
            const uint8_t *quote = quote_from(key, stop);
            if (!quote || quote[1] != ':') { return nullptr; }
            uint32_t count = uint32_t(quote - key);
            found = find(level, key, count);
            value = quote + 2;
            if (count <= MetKey::length_max) { met = MetKey(key, count, node.level, found); }
        }
        // A value and the bracket that ends it all: anything less is cut off.
        if (stop - value < 2) { return nullptr; }
        if (found == none) {
            byte = after_value(value, stop);
        } else {
            meet(found);
            byte = plain_value(nodes[found], value);
        }
        if (!byte || byte >= stop) { return nullptr; }
        uint8_t next = *byte++;
        if (next == '}') { return byte; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}

const uint8_t *select_paths::plain_array(const Node &node, const uint8_t *byte) {
    const uint8_t *stop = json + length;
    byte++;
    if (byte < stop && *byte == ']') { return byte + 1; }
    while (byte < stop) {
        byte = plain_value(nodes[node.element], byte);
        if (!byte || byte >= stop) { return nullptr; }
        uint8_t next = *byte++;
        if (next == ']') { return byte; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}
