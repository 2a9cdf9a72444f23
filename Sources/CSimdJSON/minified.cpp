// The short way through a document as the Router writes it: minified, and nearly always plain ASCII without escapes.
//
// It takes only what simdjson's index would give the same values for, and leaves all else to that: a blank, a control
// character, an escape, any byte beyond ASCII, and whatever is no JSON.
#include "paths.h"

#include "plain.h"

namespace {

// No control character, no byte beyond ASCII, no backslash. At least a block; the last of it is looked at twice. Most
// documents are plain, so it looks at all of one before it says.
bool is_plain(const uint8_t *bytes, size_t count) {
    auto found = not_plain(bytes + count - block_size);
    for (size_t i = 0; i + block_size <= count; i += block_size) { found = both(found, not_plain(bytes + i)); }
    return is_none(found);
}

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

// A wanted value. Most are looked into no further.
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

// What stands behind the document is no JSON, but may be read: so one look suffices where a byte has a meaning.
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
        // A value and the bracket that ends it all: anything less is cut off.
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
