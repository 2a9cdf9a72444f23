// Checks a whole JSON document and lists its values as flat tokens; nothing is unescaped or converted.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum walk_kind {
    walk_object = 0,
    walk_array,
    walk_key,
    walk_string,
    walk_number,
    walk_true,
    walk_false,
    walk_null,
};

// What a string or key contains, with escapes resolved.
enum walk_mark {
    walk_has_escape = 1,
    // `@`, or `%`, which may encode one.
    walk_has_at = 2,
    // `?` or `#`.
    walk_has_query = 4,
    // Half of a surrogate pair as an escape, which is no character and is shown as U+FFFD.
    walk_has_unpaired = 8,
};

// An object is followed by its members (a key, then its value), an array by its elements, all before `end`.
typedef struct {
    // The first byte; for a string or key the first behind the quote.
    uint32_t start;
    // The length without quotes; for an object or array with its brackets.
    uint32_t length;
    // The index of the first token behind this one's subtree; a key's subtree holds its value.
    uint32_t end;
    // 0; the caller may use it.
    uint16_t note;
    uint8_t kind;
    uint8_t marks;
} walk_token;

// What a walk found.
typedef struct {
    uint32_t token_count;
    // The place of a fault, if there is one.
    uint32_t byte;
    // The marks of all keys together.
    uint8_t key_marks;
} walk_summary;

enum walk_result {
    walk_done = 0,
    walk_empty,
    walk_not_utf8,
    walk_control_character,
    walk_unclosed_string,
    walk_bad_escape,
    walk_bad_number,
    walk_bad_word,
    walk_no_value,
    walk_no_key,
    walk_no_colon,
    walk_no_comma,
    walk_unclosed,
    walk_trailing,
    walk_too_deep,
    walk_out_of_memory,
};

typedef struct walker walker;

// Makes a walker, which the caller owns and frees; NULL when memory is short.
walker *walker_create(void);
void walker_free(walker *walker);

enum { walk_depth_limit = 256 };

// Returns the most tokens that `length` bytes can hold: two bytes each, but one for an object or array that is never
// closed.
static inline size_t walk_token_count_max(size_t length) { return length / 2 + 2 + walk_depth_limit; }

// Walks a document. It reads nothing behind `length`, which is below 2^32. `tokens` has room for
// `walk_token_count_max(length)`; `depth_max` limits nested objects and arrays, at most `walk_depth_limit`.
enum walk_result walk_run(walker *walker, const uint8_t *json, size_t length, uint32_t depth_max, walk_token *tokens,
                          walk_summary *summary);

#ifdef __cplusplus
}
#endif
