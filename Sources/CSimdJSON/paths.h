// The data that all ways of reading a document share: the compiled paths, and the values found for them.
#pragma once
#include "select.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

constexpr size_t key_length_max = 40;
static_assert(key_length_max % 8 == 0, "Keys are compared in words of eight bytes.");
constexpr size_t depth_max = 8;
constexpr int none = -1;

// A key of the wanted paths, or `[]`. Node 0 is the document.
struct Node {
    uint8_t key[key_length_max] = {};
    uint32_t length = 0;
    // The line of the path that ends at this node.
    int path = none;
    int element = none;
    // The index into `levels`, if keys are wanted below.
    int level = none;
    // The last run in which the key was met.
    uint32_t met = 0;
    bool is_repeated = false;
    std::vector<int> children;
};

[[gnu::noinline]] inline bool contains_escape(const uint8_t *bytes, uint32_t count) {
    return std::memchr(bytes, '\\', count) != nullptr;
}

// A hash table of a node's children by their keys, with open addressing and more slots than keys.
struct Level {
    static constexpr size_t slot_count = 256;
    static constexpr size_t key_count_max = slot_count / 2;
    int16_t slots[slot_count];
    size_t key_count = 0;
    Level() { std::memset(slots, 0xFF, sizeof slots); }

    // Hashes the key's length and its first eight bytes. The bytes behind a shorter key do not matter.
    static size_t slot(const uint8_t *key, uint32_t count) {
        uint64_t word;
        std::memcpy(&word, key, 8);
        if (count < 8) { word &= (uint64_t(1) << (8 * count)) - 1; }
        return size_t((word + count) * 0x9E3779B97F4A7C15 >> 56);
    }
};

// The kind of a value by its first byte.
struct Kinds {
    uint8_t of[256];
    constexpr Kinds() : of() {
        for (auto &kind : of) { kind = select_number; }
        of['"'] = select_string;
        of['{'] = select_object;
        of['['] = select_array;
        of['t'] = select_true;
        of['f'] = select_false;
        of['n'] = select_null;
    }
};

constexpr Kinds kinds;

// Compares eight bytes at a time. Both have room for whole words; `a` is zero after its end.
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

struct select_paths;

// A step through a document of a known template: the text up to its next string or scalar, and the path that wants it.
struct Step {
    static constexpr uint32_t text_length_max = 64;
    static constexpr size_t bracket_count_max = 4;
    // The limit of steps for one document.
    static constexpr size_t count_max = 64;

    enum Slot : uint8_t { none_left, string, scalar };

    // The place in the text where a wanted object or array begins or ends.
    struct Bracket {
        uint8_t offset;
        uint8_t ends;
        uint16_t path;
        uint32_t element;
    };

    uint8_t text[text_length_max] = {};
    uint32_t length = 0;
    Slot slot = none_left;
    uint8_t bracket_count = 0;
    Bracket brackets[bracket_count_max] = {};
    // The line of the path that wants the slot's value, if one does.
    int path = none;
    bool is_repeated = false;
    // Of a repeated one. The text before a step is the same in all documents, so the element is, too.
    uint32_t element = 0;
    // The next step, and the alternative to this step.
    int next = none;
    int other = none;

    bool read(const select_paths &paths, const uint8_t *&byte);
    bool is_same(const Step &other) const;

private:
    void find_path(const select_paths &paths, const uint8_t *value);
    bool find_brackets(const select_paths &paths, const uint8_t *start);
};

struct select_paths {
    std::vector<Node> nodes{1};
    std::vector<Level> levels;
    std::vector<select_value> values;
    std::vector<select_value> repeated;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
    size_t capacity = 0;
    uint32_t runs = 0;
    // The templates of the documents met, as a tree of steps. Alternatives are ordered by when they were last met, the
    // newest first.
    static constexpr size_t step_count_max = 1024;
    static constexpr uint32_t learning_interval = 4;
    std::vector<Step> steps;
    int first_step = none;
    // How many documents were met, and the number of the one learned last.
    uint32_t documents = 0;
    uint32_t learned = 0;

    // The document being read.
    const uint8_t *json = nullptr;
    size_t length = 0;
    const uint32_t *end = nullptr;
    bool has_escapes = false;
    // The number of the element that is being read, of the innermost array; after an array, how many it had.
    uint32_t element = 0;

    bool add(std::string_view path, int line);
    select_result run(const uint8_t *input, size_t count);

private:
    int child(int parent, std::string_view key);
    bool reserve(size_t count);
    int find(const Level &level, const uint8_t *key, uint32_t count) const {
        size_t slot = Level::slot(key, count);
        while (true) {
            int found = level.slots[slot];
            if (found == none) { return none; }
            if (nodes[found].length == count && equal(nodes[found].key, key, count)) { return found; }
            slot = (slot + 1) % Level::slot_count;
        }
    }
    int wanted(const Level &level, const uint32_t *token) const;
    void forget(int node);
    void begin();
    // Notes that a wanted key was met.
    void meet(int node) {
        if (simdjson_unlikely(nodes[node].met == runs) && !nodes[node].is_repeated) { forget(node); }
        nodes[node].met = runs;
    }
    void take(const Node &node, const uint8_t *start, const uint8_t *stop) {
        uint8_t kind = kinds.of[*start];
        uint32_t quote = kind == select_string;
        uint32_t count = uint32_t(stop - start) - 2 * quote;
        select_value found = {uint32_t(start - json) + quote, count, kind, 0, uint16_t(node.path), 0};
        if (has_escapes) { found.is_escaped = contains_escape(start + quote, count); }
        if (node.is_repeated || (node.element != none && kind == select_array)) { found.element = element; }
        if (node.is_repeated) {
            repeat(found);
        } else {
            values[node.path] = found;
        }
    }
    // It is a function of its own, since it may allocate, so that `take` stays small.
    [[gnu::noinline]] void repeat(const select_value &found) { repeated.push_back(found); }

    // Each skips one value, which begins at `token`. It returns the token after it, or null where the input is not
    // JSON.
    const uint32_t *skip(const uint32_t *token) const;
    const uint32_t *value(int node, const uint32_t *token);
    const uint32_t *object(int node, const uint32_t *token);
    const uint32_t *array(int node, const uint32_t *token);

    // The same for minified ASCII without escapes, byte by byte. Each skips one value, which begins at `byte`, and
    // returns the byte after it, or null where the input is anything else; then the tokens decide.
    bool is_minified(const uint8_t *input, size_t count);
    const uint8_t *plain_value(const Node &node, const uint8_t *byte);
    const uint8_t *plain_object(const Node &node, const uint8_t *byte);
    const uint8_t *plain_array(const Node &node, const uint8_t *byte);

    // The same for documents whose template is known.
    bool is_known(const uint8_t *input, size_t count);
    Step *step_at(const uint8_t *byte, int &front);
    void learn();
    void keep(const Step::Bracket &bracket, const uint8_t *text);

    // Stores the value in a step's slot, field by field. A value built first would be stored in small words and loaded
    // again in large ones, for which the processor has to wait.
    void keep(const Step &step, const uint8_t *start, const uint8_t *stop, uint8_t kind) {
        if (step.is_repeated) {
            return repeat(
                {uint32_t(start - json), uint32_t(stop - start), kind, 0, uint16_t(step.path), step.element});
        }
        select_value &value = values[step.path];
        value.start = uint32_t(start - json);
        value.length = uint32_t(stop - start);
        value.kind = kind;
        value.is_escaped = 0;
        value.path = uint16_t(step.path);
        value.element = 0;
    }
};
