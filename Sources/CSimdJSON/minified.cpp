// The fast way of reading a document as the Router writes it: minified, and nearly always plain ASCII without escapes.
//
// It gives the same values as simdjson's index, and leaves everything else to that: blanks, control characters,
// escapes, bytes beyond ASCII, and input that is not JSON.
#include "paths.h"

#include "plain.h"

namespace {

// Returns whether there is no control character, no byte beyond ASCII and no backslash. `count` is at least a block;
// the last block may be read twice. Most documents are plain, so it reads a whole one before it decides.
bool is_plain(const uint8_t *bytes, size_t count) {
    auto found = not_plain(bytes + count - block_size);
    for (size_t i = 0; i + block_size <= count; i += block_size) { found = both(found, not_plain(bytes + i)); }
    return is_none(found);
}

// Skips an object or array. Brackets are only counted, as with the index.
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

// Skips a value that is not wanted.
const uint8_t *after_value(const uint8_t *byte, const uint8_t *end) {
    if (*byte == '"') {
        byte = quote_from(byte + 1, end);
        return byte ? byte + 1 : nullptr;
    }
    return *byte == '{' || *byte == '[' ? after_brackets(byte, end) : after_scalar(byte, end);
}

}  // namespace

bool select_paths::is_minified(const uint8_t *input, size_t count) {
    if (count < block_size || input[0] != '{' || !is_plain(input, count)) { return false; }
    return plain_object(nodes[0], input) == input + count;
}

// Reads a wanted value. Most have no wanted values inside.
const uint8_t *select_paths::plain_value(const Node &node, const uint8_t *byte) {
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

// Bytes behind the document may be read but do not count, so one bounds check suffices before each byte that matters.
const uint8_t *select_paths::plain_object(const Node &node, const uint8_t *byte) {
    const Level &level = levels[node.level];
    const uint8_t *stop = json + length;
    byte++;
    if (byte < stop && *byte == '}') { return byte + 1; }
    while (byte < stop && *byte == '"') {
        const uint8_t *key = byte + 1;
        const uint8_t *quote = quote_from(key, stop);
        if (!quote || quote[1] != ':') { return nullptr; }
        const uint8_t *value = quote + 2;
        // A value and the closing bracket must follow, or the document is cut off.
        if (stop - value < 2) { return nullptr; }
        int found = find(level, key, uint32_t(quote - key));
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
    element = 0;
    if (byte < stop && *byte == ']') { return byte + 1; }
    for (uint32_t number = 1; byte < stop; number++) {
        element = number;
        byte = plain_value(nodes[node.element], byte);
        element = number;
        if (!byte || byte >= stop) { return nullptr; }
        uint8_t next = *byte++;
        if (next == ']') { return byte; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}
