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

}  // namespace

bool select_paths::is_minified(const uint8_t *input, size_t count) {
    if (count < block_size || input[0] != '{' || !is_plain(input, count)) { return false; }
    return plain_object(nodes[0].level, input) == input + count;
}

// Strings are most of all, and nothing lies within them. All else is looked into if more is wanted there.
const uint8_t *select_paths::plain_value(const Wanted &wanted, const uint8_t *byte) {
    const uint8_t *stop = json + length;
    if (*byte == '"') {
        const uint8_t *quote = quote_from(byte + 1, stop);
        if (!quote) { return nullptr; }
        if (wanted.path != none) { keep(wanted, byte + 1, quote, select_string); }
        return quote + 1;
    }
    const uint8_t *next;
    if (*byte == '{') {
        next = wanted.level != none ? plain_object(wanted.level, byte) : after_brackets(byte, stop);
    } else if (*byte == '[') {
        next = wanted.element != none ? plain_array(wanted.element, byte) : after_brackets(byte, stop);
    } else {
        next = after_scalar(byte, stop);
    }
    if (next && wanted.path != none) { keep(wanted, byte, next, kinds.of[*byte]); }
    return next;
}

// What stands behind the document is no JSON, but may be read: so one look suffices where a byte has a meaning.
const uint8_t *select_paths::plain_object(int level, const uint8_t *byte) {
    const uint8_t *stop = json + length;
    byte++;
    if (byte < stop && *byte == '}') { return byte + 1; }
    while (byte < stop && *byte == '"') {
        const uint8_t *key = byte + 1;
        const uint8_t *quote = quote_from(key, stop);
        if (!quote || quote[1] != ':') { return nullptr; }
        int found = find(levels[level], key, uint32_t(quote - key));
        const uint8_t *value = quote + 2;
        // A value and the bracket that ends it all: anything less is cut off.
        if (stop - value < 2) { return nullptr; }
        if (found != none) { meet(found); }
        byte = plain_value(found == none ? Wanted() : Wanted(nodes[found]), value);
        if (!byte || byte >= stop) { return nullptr; }
        uint8_t next = *byte++;
        if (next == '}') { return byte; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}

const uint8_t *select_paths::plain_array(int element, const uint8_t *byte) {
    const uint8_t *stop = json + length;
    byte++;
    if (byte < stop && *byte == ']') { return byte + 1; }
    while (byte < stop) {
        byte = plain_value(Wanted(nodes[element]), byte);
        if (!byte || byte >= stop) { return nullptr; }
        uint8_t next = *byte++;
        if (next == ']') { return byte; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}
