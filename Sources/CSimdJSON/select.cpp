// Walks simdjson's structural index (what On-Demand itself walks) token by token. A value that is not wanted costs one
// step for each token, not for each byte, and no call into the library.
#include "paths.h"

#include <algorithm>

namespace {

inline bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

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

// Unescapes a key that may be wanted; wanted keys are ASCII and short. Returns its length, or 0 if it cannot be wanted.
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
    Level &level = levels[nodes[parent].level];
    size_t slot = Level::slot(nodes[added].key, nodes[added].length);
    while (level.slots[slot] != none) { slot = (slot + 1) % Level::slot_count; }
    level.slots[slot] = int16_t(added);
    level.key_count++;
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
        int parent = node;
        node = child(parent, key);
        if (key != "[]" && levels[nodes[parent].level].key_count > Level::key_count_max) { return false; }
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

void select_paths::begin() {
    std::memset(static_cast<void *>(values.data()), 0, values.size() * sizeof(select_value));
    repeated.clear();
    has_escapes = false;
    runs++;
}

select_result select_paths::run(const uint8_t *input, size_t count) {
    if (count > UINT32_MAX / 2) { return select_malformed; }
    json = input;
    length = count;
    documents++;
    begin();
    if (is_known(input, count)) { return select_found; }
    begin();
    if (is_minified(input, count)) {
        learn();
        return select_found;
    }
    begin();
    if (!reserve(count)) { return select_out_of_memory; }
    if (parser->stage1(input, count, simdjson::stage1_mode::regular)) { return select_malformed; }
    const uint32_t *start = parser->structural_indexes.get();
    end = start + parser->n_structural_indexes;
    has_escapes = std::memchr(input, '\\', count) != nullptr;
    if (json[*start] != '{') { return select_not_an_object; }
    return object(0, start) == end ? select_found : select_malformed;
}

// Returns the child that the key at `token` names. The next token is a colon.
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

// Forgets everything found under a key, since the key occurs again.
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

// Skips a value. Scalars are one token; brackets are only counted.
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
    if (next && node.path != none) {
        uint32_t stop = next < end ? *next : uint32_t(length);
        while (is_blank(json[stop - 1])) { stop--; }
        take(node, json + *token, json + stop);
    }
    return next;
}

const uint32_t *select_paths::object(int index, const uint32_t *token) {
    const Level &level = levels[nodes[index].level];
    const uint8_t *bytes = json;
    token++;
    if (token < end && bytes[*token] == '}') { return token + 1; }
    // Key, colon, value and the closing bracket must follow, or the document is cut off.
    while (token + 3 < end) {
        if (bytes[token[0]] != '"' || bytes[token[1]] != ':') { return nullptr; }
        int found = wanted(level, token);
        token += 2;
        if (found == none) {
            token = skip(token);
        } else {
            meet(found);
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
    element = 0;
    if (token < end && json[*token] == ']') { return token + 1; }
    for (uint32_t number = 1; token < end; number++) {
        element = number;
        token = value(nodes[index].element, token);
        element = number;
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
    // push_back may run out of memory, but no exception may pass through C.
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
