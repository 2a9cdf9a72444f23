// Walks simdjson's structural index (what On-Demand itself walks) token by token. A value nobody wants costs one look
// per token, not per byte, and no call into the library.
#include "select.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

namespace {

constexpr size_t key_length_max = 40;
static_assert(key_length_max % 8 == 0, "Keys are compared in words of eight bytes.");
constexpr size_t depth_max = 8;
constexpr int none = -1;

// One key of the wanted paths, or `[]`. Node 0 is the document.
struct Node {
    uint8_t key[key_length_max] = {};
    uint32_t length = 0;
    // The line of the path that ends here.
    int path = none;
    // The next child of the same parent whose key begins with the same byte.
    int sibling = none;
    int element = none;
    // Into `levels`, if keys are wanted below.
    int level = none;
    // The last run in which it was met.
    uint32_t met = 0;
    bool is_repeated = false;
    std::vector<int> children;
};

// Where the first child whose key begins with a byte is.
struct Level {
    int16_t first[256];
    Level() { std::memset(first, 0xFF, sizeof first); }
};

inline bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

// Eight bytes at a time: `a` is zero after its end and has room for whole words, as has `b`, whatever follows in it.
inline bool equal(const uint8_t *a, const uint8_t *b, uint32_t count) {
    for (; count > 0; a += 8, b += 8) {
        uint64_t left, right;
        std::memcpy(&left, a, 8);
        std::memcpy(&right, b, 8);
        if (count < 8) { return left == (right & (~uint64_t(0) >> (64 - 8 * count))); }
        if (left != right) { return false; }
        count -= 8;
    }
    return true;
}

int hexadecimal(const uint8_t *digits) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = digits[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) { return -1; }
        value = value * 16 + digit;
    }
    return value;
}

// Unescapes a key that may be a wanted one; those are ASCII and short. Returns its length, or 0 if it cannot be one.
uint32_t unescaped(const uint8_t *key, uint32_t length, uint8_t *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < length; count++) {
        if (count == key_length_max) { return 0; }
        if (key[i] != '\\') {
            out[count] = key[i++];
            continue;
        }
        if (i + 1 >= length) { return 0; }
        if (key[i + 1] != 'u') {
            out[count] = key[i + 1];
            i += 2;
            continue;
        }
        int value = i + 6 <= length ? hexadecimal(key + i + 2) : -1;
        if (value < 0 || value > 127) { return 0; }
        out[count] = uint8_t(value);
        i += 6;
    }
    return count;
}

}  // namespace

struct select_paths {
    std::vector<Node> nodes{1};
    std::vector<Level> levels;
    std::vector<select_value> values;
    std::vector<select_value> repeated;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = 0;
    uint32_t runs = 0;

    // Of the document under way.
    const uint8_t *json = nullptr;
    size_t length = 0;
    const uint32_t *end = nullptr;
    bool has_escapes = false;

    bool add(std::string_view path, int line);
    select_result run(const uint8_t *input, size_t count);

private:
    int child(int parent, std::string_view key);
    bool reserve(size_t count);
    int find(const Level &level, const uint8_t *key, uint32_t count) const;
    int wanted(const Level &level, const uint32_t *token) const;
    void forget(int node);
    void take(const Node &node, const uint32_t *token, const uint32_t *next);

    // Each passes one value, which begins at `token`, and returns the token after it, or null where the input is no
    // JSON.
    const uint32_t *skip(const uint32_t *token) const;
    const uint32_t *value(int node, const uint32_t *token);
    const uint32_t *object(int node, const uint32_t *token);
    const uint32_t *array(int node, const uint32_t *token);
};

int select_paths::child(int parent, std::string_view key) {
    if (key == "[]" && nodes[parent].element != none) { return nodes[parent].element; }
    for (int known : nodes[parent].children) {
        const char *text = reinterpret_cast<const char *>(nodes[known].key);
        if (std::string_view(text, nodes[known].length) == key) { return known; }
    }
    int added = int(nodes.size());
    nodes.emplace_back();
    nodes[parent].children.push_back(added);
    if (key == "[]") {
        nodes[parent].element = added;
        return added;
    }
    if (nodes[parent].level == none) {
        nodes[parent].level = int(levels.size());
        levels.emplace_back();
    }
    std::memcpy(nodes[added].key, key.data(), key.size());
    nodes[added].length = uint32_t(key.size());
    int16_t &first = levels[nodes[parent].level].first[uint8_t(key[0])];
    nodes[added].sibling = first;
    first = int16_t(added);
    return added;
}

bool select_paths::add(std::string_view path, int line) {
    int node = 0;
    bool is_repeated = false;
    for (size_t depth = 0;; depth++) {
        size_t point = path.find('.');
        std::string_view key = path.substr(0, point);
        if (key.empty() || key.size() > key_length_max) { return false; }
        if (depth == depth_max || nodes.size() > INT16_MAX) { return false; }
        is_repeated = is_repeated || key == "[]";
        node = child(node, key);
        nodes[node].is_repeated = is_repeated;
        if (point == std::string_view::npos) { break; }
        path.remove_prefix(point + 1);
    }
    if (nodes[node].path != none) { return false; }
    nodes[node].path = line;
    return true;
}

bool select_paths::reserve(size_t count) {
    if (parser && count < capacity) { return true; }
    size_t sufficient = capacity ? capacity : 8192;
    while (sufficient <= count) { sufficient *= 2; }
    bool failed = parser
        ? parser->set_capacity(sufficient)
        : simdjson::get_active_implementation()->create_dom_parser_implementation(sufficient, 1, parser);
    if (!failed) { capacity = sufficient; }
    return !failed;
}

select_result select_paths::run(const uint8_t *input, size_t count) {
    std::memset(static_cast<void *>(values.data()), 0, values.size() * sizeof(select_value));
    repeated.clear();
    runs++;
    if (count > UINT32_MAX / 2) { return select_malformed; }
    if (!reserve(count)) { return select_out_of_memory; }
    if (parser->stage1(input, count, simdjson::stage1_mode::regular)) { return select_malformed; }
    json = input;
    length = count;
    const uint32_t *start = parser->structural_indexes.get();
    end = start + parser->n_structural_indexes;
    has_escapes = std::memchr(input, '\\', count) != nullptr;
    if (json[*start] != '{') { return select_not_an_object; }
    return object(0, start) == end ? select_found : select_malformed;
}

int select_paths::find(const Level &level, const uint8_t *key, uint32_t count) const {
    if (count == 0) { return none; }
    for (int i = level.first[key[0]]; i != none; i = nodes[i].sibling) {
        if (nodes[i].length == count && equal(nodes[i].key, key, count)) { return i; }
    }
    return none;
}

// The child that the key at `token` names; a colon is the token after it.
int select_paths::wanted(const Level &level, const uint32_t *token) const {
    const uint8_t *key = json + token[0] + 1;
    const uint8_t *quote = json + token[1] - 1;
    while (*quote != '"') { quote--; }
    uint32_t count = uint32_t(quote - key);
    if (simdjson_unlikely(has_escapes) && std::memchr(key, '\\', count)) {
        uint8_t plain[key_length_max];  // Whole words, as `equal` reads them.
        return find(level, plain, unescaped(key, count, plain));
    }
    return find(level, key, count);
}

// A key that stands again replaces all that was found under it.
void select_paths::forget(int node) {
    int path = nodes[node].path;
    if (path != none && nodes[node].is_repeated) {
        auto old = std::remove_if(repeated.begin(), repeated.end(), [path](auto &found) { return found.path == path; });
        repeated.erase(old, repeated.end());
    } else if (path != none) {
        values[path] = {};
    }
    nodes[node].met = 0;
    for (int below : nodes[node].children) { forget(below); }
}

void select_paths::take(const Node &node, const uint32_t *token, const uint32_t *next) {
    uint32_t start = *token;
    uint32_t stop = next < end ? *next : uint32_t(length);
    while (is_blank(json[stop - 1])) { stop--; }
    select_value found = {start, stop - start, select_number, 0, uint16_t(node.path)};
    switch (json[start]) {
    case '"':
        found.kind = select_string;
        found.start += 1;
        found.length -= 2;
        break;
    case '{': found.kind = select_object; break;
    case '[': found.kind = select_array; break;
    case 't': found.kind = select_true; break;
    case 'f': found.kind = select_false; break;
    case 'n': found.kind = select_null; break;
    default: break;
    }
    found.is_escaped = has_escapes && std::memchr(json + found.start, '\\', found.length) != nullptr;
    if (node.is_repeated) {
        repeated.push_back(found);
    } else {
        values[node.path] = found;
    }
}

// Scalars are one token; brackets are only counted.
const uint32_t *select_paths::skip(const uint32_t *token) const {
    uint32_t depth = 0;
    for (; token < end; ) {
        switch (json[*token++]) {
        case '{': case '[': depth++; continue;
        case '}': case ']':
            if (depth == 0) { return nullptr; }
            depth--;
            break;
        case ',': case ':':
            if (depth == 0) { return nullptr; }
            continue;
        default: break;
        }
        if (depth == 0) { return token; }
    }
    return nullptr;
}

const uint32_t *select_paths::value(int index, const uint32_t *token) {
    if (token >= end) { return nullptr; }
    const Node &node = nodes[index];
    const uint32_t *next;
    if (node.level != none && json[*token] == '{') {
        next = object(index, token);
    } else if (node.element != none && json[*token] == '[') {
        next = array(index, token);
    } else {
        next = skip(token);
    }
    if (next && node.path != none) { take(node, token, next); }
    return next;
}

const uint32_t *select_paths::object(int index, const uint32_t *token) {
    const Level &level = levels[nodes[index].level];
    const uint8_t *bytes = json;
    token++;
    if (token < end && bytes[*token] == '}') { return token + 1; }
    // Key, colon, value and the bracket that ends it all: anything less is cut off.
    while (token + 3 < end) {
        if (bytes[token[0]] != '"' || bytes[token[1]] != ':') { return nullptr; }
        int found = wanted(level, token);
        token += 2;
        if (found == none) {
            token = skip(token);
        } else {
            if (simdjson_unlikely(nodes[found].met == runs) && !nodes[found].is_repeated) { forget(found); }
            nodes[found].met = runs;
            token = value(found, token);
        }
        if (!token || token >= end) { return nullptr; }
        uint8_t next = bytes[*token++];
        if (next == '}') { return token; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}

const uint32_t *select_paths::array(int index, const uint32_t *token) {
    token++;
    if (token < end && json[*token] == ']') { return token + 1; }
    while (token < end) {
        token = value(nodes[index].element, token);
        if (!token || token >= end) { return nullptr; }
        uint8_t next = json[*token++];
        if (next == ']') { return token; }
        if (next != ',') { return nullptr; }
    }
    return nullptr;
}

select_paths *select_compile(const char *lines, size_t length) {
    std::unique_ptr<select_paths> paths(new (std::nothrow) select_paths);
    if (!paths) { return nullptr; }
    std::string_view rest(lines, length);
    for (int line = 0; !rest.empty(); line++) {
        size_t stop = rest.find('\n');
        if (line > UINT16_MAX || !paths->add(rest.substr(0, stop), line)) { return nullptr; }
        paths->values.push_back({});
        rest.remove_prefix(stop == std::string_view::npos ? rest.size() : stop + 1);
    }
    // The document itself is an object, so that is where every path begins.
    if (paths->nodes[0].level == none) { return nullptr; }
    return paths.release();
}

void select_free(select_paths *paths) { delete paths; }

select_result select_run(select_paths *paths, const uint8_t *json, size_t length) {
    // push_back may run out of memory; nothing may be thrown through C.
    try {
        return paths->run(json, length);
    } catch (const std::bad_alloc &) {
        return select_out_of_memory;
    }
}

const select_value *select_values(const select_paths *paths) { return paths->values.data(); }

const select_value *select_repeated(const select_paths *paths, size_t *count) {
    *count = paths->repeated.size();
    return paths->repeated.data();
}
