// Walks simdjson's structural index (what On-Demand itself walks) and checks the grammar of everything between:
// On-Demand leaves unread what it passes over, and the DOM loses the decimal text of numbers.
#include "walk.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>

struct walker {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

namespace {

constexpr size_t capacity_min = 4096;

inline bool is_blank(uint8_t c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

int hexadecimal(const uint8_t *digits) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = digits[i];
        int digit = is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) { return -1; }
        value = value * 16 + digit;
    }
    return value;
}

uint8_t marks_of(uint32_t c) {
    switch (c) {
    case '\\': return walk_has_escape;
    case '@': case '%': return walk_has_at;
    case '?': case '#': return walk_has_query;
    default: return 0;
    }
}

// Finds marks sixteen bytes at a time inside the document, then one by one.
uint8_t marks_in(const uint8_t *text, size_t length, const uint8_t *document_end) {
    typedef uint8_t lanes __attribute__((vector_size(16)));
    lanes seen = {};
    size_t i = 0;
    for (; i < length && size_t(document_end - text - i) >= 16; i += 16) {
        lanes bytes;
        std::memcpy(&bytes, text + i, 16);
        lanes found = (lanes(bytes == '\\') & uint8_t(walk_has_escape))
            | (lanes((bytes == '@') | (bytes == '%')) & uint8_t(walk_has_at))
            | (lanes((bytes == '?') | (bytes == '#')) & uint8_t(walk_has_query));
        if (length - i < 16) {
            constexpr lanes order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
            found &= lanes(order < uint8_t(length - i));
        }
        seen |= found;
    }
    uint64_t halves[2];
    std::memcpy(halves, &seen, 16);
    uint64_t folded = halves[0] | halves[1];
    folded |= folded >> 32;
    folded |= folded >> 16;
    uint8_t marks = uint8_t(folded | folded >> 8);
    for (; i < length; i++) { marks |= marks_of(text[i]); }
    return marks;
}

// Checks the escapes and adds the marks of the characters that hide behind them. Returns the first bad one, or
// `length`.
size_t check_escapes(const uint8_t *text, size_t length, uint8_t &marks) {
    bool high_waits = false;
    for (size_t i = 0; i < length;) {
        int unit = -1;
        size_t step = 1;
        if (text[i] == '\\') {
            if (i + 1 >= length || text[i + 1] == 0 || !std::strchr("\"\\/bfnrtu", text[i + 1])) { return i; }
            step = 2;
            if (text[i + 1] == 'u') {
                unit = i + 6 <= length ? hexadecimal(text + i + 2) : -1;
                if (unit < 0) { return i; }
                step = 6;
                if (unit < 128 && unit != '\\') { marks |= marks_of(uint32_t(unit)); }
            }
        }
        bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
        if (is_low != high_waits) { marks |= walk_has_unpaired; }
        high_waits = unit >= 0xD800 && unit <= 0xDBFF;
        i += step;
    }
    if (high_waits) { marks |= walk_has_unpaired; }
    return length;
}

bool is_number(const uint8_t *text, size_t length) {
    size_t i = 0;
    auto digits = [&] {
        size_t first = i;
        while (i < length && is_digit(text[i])) { i++; }
        return i - first;
    };
    if (i < length && text[i] == '-') { i++; }
    bool has_leading_zero = i < length && text[i] == '0';
    size_t whole = digits();
    if (whole == 0 || (has_leading_zero && whole > 1)) { return false; }
    if (i < length && text[i] == '.') {
        i++;
        if (digits() == 0) { return false; }
    }
    if (i < length && (text[i] | 32) == 'e') {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-')) { i++; }
        if (digits() == 0) { return false; }
    }
    return i == length;
}

// Returns the length of the UTF-8 character at the start of `text`, or 0.
size_t character_length(const uint8_t *text, size_t length) {
    uint8_t c = text[0];
    if (c < 0x80) { return 1; }
    size_t count = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || length < count) { return 0; }
    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xC0) != 0x80) { return 0; }
    }
    bool is_overlong = (c == 0xE0 && text[1] < 0xA0) || (c == 0xF0 && text[1] < 0x90);
    bool is_no_scalar = (c == 0xED && text[1] > 0x9F) || (c == 0xF4 && text[1] > 0x8F);
    return is_overlong || is_no_scalar ? 0 : count;
}

// simdjson's first stage says only that something is wrong; this says what and where.
walk_result locate(const uint8_t *json, size_t length, uint32_t *byte) {
    bool is_in_string = false;
    size_t quote = 0;
    for (size_t i = 0; i < length;) {
        size_t count = character_length(json + i, length - i);
        *byte = uint32_t(i);
        if (count == 0) { return walk_not_utf8; }
        if (is_in_string && json[i] < 0x20) { return walk_control_character; }
        if (is_in_string && json[i] == '\\' && i + 1 < length && json[i + 1] >= 0x20 && json[i + 1] < 0x80) {
            i += 2;
            continue;
        }
        if (json[i] == '"') {
            is_in_string = !is_in_string;
            quote = i;
        }
        i += count;
    }
    *byte = uint32_t(is_in_string ? quote : 0);
    return is_in_string ? walk_unclosed_string : walk_no_value;
}

// The state of one walk. It has a stack of open objects and arrays instead of recursion.
struct Walk {
    const uint8_t *json;
    const uint32_t *structurals;
    uint32_t structural_count;
    uint32_t length;
    uint32_t depth_max;
    walk_token *tokens;

    uint32_t next = 0;
    uint32_t count = 0;
    uint32_t depth = 0;
    uint32_t fault = 0;
    uint8_t key_marks = 0;
    uint32_t open[walk_depth_limit];

    uint32_t position() const { return next < structural_count ? structurals[next] : length; }
    uint8_t peek() const { return next < structural_count ? json[structurals[next]] : 0; }
    walk_result failed(walk_result result, uint32_t at) {
        fault = at;
        return result;
    }
    // Returns the end of the token at `start`, without the blanks before the next one.
    uint32_t end_of(uint32_t start) const {
        uint32_t end = next + 1 < structural_count ? structurals[next + 1] : length;
        while (end > start + 1 && is_blank(json[end - 1])) { end--; }
        return end;
    }
    void add(uint8_t kind, uint32_t start, uint32_t token_length, uint8_t marks) {
        tokens[count] = {start, token_length, count + 1, 0, kind, marks};
        count++;
    }

    walk_result text(uint8_t kind) {
        uint32_t quote = position();
        uint32_t end = end_of(quote);
        if (end < quote + 2 || json[end - 1] != '"') { return failed(walk_unclosed_string, quote); }
        const uint8_t *first = json + quote + 1;
        uint32_t text_length = end - quote - 2;
        uint8_t marks = marks_in(first, text_length, json + length);
        if (marks & walk_has_escape) {
            size_t bad = check_escapes(first, text_length, marks);
            if (bad < text_length) { return failed(walk_bad_escape, quote + 1 + uint32_t(bad)); }
        }
        add(kind, quote + 1, text_length, marks);
        if (kind == walk_key) { key_marks |= marks; }
        next++;
        return walk_done;
    }

    walk_result scalar() {
        uint32_t start = position();
        uint32_t scalar_length = end_of(start) - start;
        const uint8_t *first = json + start;
        auto is = [&](const char *word) {
            return scalar_length == std::strlen(word) && std::memcmp(first, word, scalar_length) == 0;
        };
        uint8_t kind = walk_number;
        if (*first == '-' || is_digit(*first)) {
            if (!is_number(first, scalar_length)) { return failed(walk_bad_number, start); }
        } else if (is("true")) {
            kind = walk_true;
        } else if (is("false")) {
            kind = walk_false;
        } else if (is("null")) {
            kind = walk_null;
        } else {
            return failed(walk_bad_word, start);
        }
        add(kind, start, scalar_length, 0);
        next++;
        return walk_done;
    }

    walk_result key() {
        if (next >= structural_count) { return failed(walk_unclosed, length); }
        if (peek() != '"') { return failed(walk_no_key, position()); }
        walk_result result = text(walk_key);
        if (result != walk_done) { return result; }
        if (peek() != ':') { return failed(walk_no_colon, position()); }
        next++;
        return walk_done;
    }

    // Reads the start of a value. It sets `opened` for an object or array that is not empty.
    walk_result value(bool &opened) {
        opened = false;
        if (next >= structural_count) { return failed(depth ? walk_unclosed : walk_no_value, length); }
        uint8_t c = peek();
        if (c == '"') { return text(walk_string); }
        if (c == ',' || c == ':' || c == '}' || c == ']') { return failed(walk_no_value, position()); }
        if (c != '{' && c != '[') { return scalar(); }
        if (depth == depth_max) { return failed(walk_too_deep, position()); }
        open[depth] = count;
        add(c == '{' ? walk_object : walk_array, position(), 0, 0);
        depth++;
        next++;
        opened = peek() != (c == '{' ? '}' : ']');
        if (!opened) { close(); }
        return walk_done;
    }

    void close() {
        depth--;
        walk_token &container = tokens[open[depth]];
        container.length = position() + 1 - container.start;
        container.end = count;
        next++;
    }

    walk_result run() {
        while (true) {
            bool is_object = depth > 0 && tokens[open[depth - 1]].kind == walk_object;
            if (is_object) {
                walk_result result = key();
                if (result != walk_done) { return result; }
            }
            bool opened = false;
            walk_result result = value(opened);
            if (result != walk_done) { return result; }
            if (opened) { continue; }
            result = after_value();
            if (result != walk_done) { return result; }
            if (depth == 0) { break; }
        }
        if (next < structural_count) { return failed(walk_trailing, position()); }
        return walk_done;
    }

    // Closes the objects and arrays that end here, up to the comma before the next member or element.
    walk_result after_value() {
        while (depth > 0) {
            if (next >= structural_count) { return failed(walk_unclosed, length); }
            bool is_object = tokens[open[depth - 1]].kind == walk_object;
            uint8_t c = peek();
            if (c == ',') {
                next++;
                return walk_done;
            }
            if (c != (is_object ? '}' : ']')) { return failed(walk_no_comma, position()); }
            close();
        }
        return walk_done;
    }
};

bool grow(walker &walker, size_t length) {
    if (walker.parser && walker.parser->capacity() >= length) { return true; }
    size_t wanted = capacity_min;
    while (wanted < length) { wanted *= 2; }
    if (!walker.parser) {
        return simdjson::get_active_implementation()->create_dom_parser_implementation(
            wanted, simdjson::DEFAULT_MAX_DEPTH, walker.parser) == simdjson::SUCCESS;
    }
    return walker.parser->allocate(wanted, simdjson::DEFAULT_MAX_DEPTH) == simdjson::SUCCESS;
}

// Sets the end of each key, whose subtree ends where its value's does.
void end_keys(walk_token *tokens, uint32_t count) {
    for (uint32_t i = 0; i + 1 < count; i++) {
        if (tokens[i].kind == walk_key) { tokens[i].end = tokens[i + 1].end; }
    }
}

}  // namespace

walker *walker_create(void) { return new (std::nothrow) walker(); }
void walker_free(walker *walker) { delete walker; }

enum walk_result walk_run(walker *walker, const uint8_t *json, size_t length, uint32_t depth_max, walk_token *tokens,
                          walk_summary *summary) {
    *summary = {};
    if (length == 0) { return walk_empty; }
    if (!grow(*walker, length)) { return walk_out_of_memory; }
    simdjson::error_code error = walker->parser->stage1(json, length, simdjson::stage1_mode::regular);
    if (error == simdjson::EMPTY) { return walk_empty; }
    if (error == simdjson::MEMALLOC) { return walk_out_of_memory; }
    if (error != simdjson::SUCCESS) { return locate(json, length, &summary->byte); }
    Walk walk = {};
    walk.json = json;
    walk.structurals = walker->parser->structural_indexes.get();
    walk.structural_count = walker->parser->n_structural_indexes;
    walk.length = uint32_t(length);
    walk.depth_max = depth_max < walk_depth_limit ? depth_max : uint32_t(walk_depth_limit);
    walk.tokens = tokens;
    walk_result result = walk.run();
    if (result == walk_done) { end_keys(tokens, walk.count); }
    *summary = {walk.count, walk.fault, walk.key_marks};
    return result;
}
