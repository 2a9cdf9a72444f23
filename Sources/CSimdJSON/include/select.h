// Picks the wanted values out of one JSON object and returns them raw. Everything else is skipped unread.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The value's first byte decides its kind. A number is not checked further; its reader must do that.
enum select_kind {
    select_absent = 0,
    select_null,
    select_false,
    select_true,
    select_number,
    select_string,
    select_array,
    select_object,
};

// The place of a value in the input: a string without its quotes, an array or object with its brackets.
typedef struct {
    uint32_t start;
    uint32_t length;
    uint8_t kind;
    // Whether it contains a backslash.
    uint8_t is_escaped;
    // The line of its path.
    uint16_t path;
    // Of a value found through an array, the number of the element, from 1. Of an array whose elements are wanted, how
    // many it has. 0 for every other value.
    uint32_t element;
} select_value;

enum select_result {
    select_found = 0,
    // The input is not one JSON object: it is cut off or not UTF-8, its brackets do not match, or bytes follow its end.
    select_malformed = 1,
    select_not_an_object = 2,
    select_out_of_memory = 3,
};

typedef struct select_paths select_paths;

// Compiles paths, one on each line: at most 8 keys joined by points; `[]` stands for each element of an array. Keys are
// ASCII, at most 40 bytes. Returns NULL if a line is no such path, or occurs twice. The caller owns the result and
// frees it.
select_paths *select_compile(const char *lines, size_t length);
void select_free(select_paths *paths);

// Finds the wanted values of `json`; 64 bytes after its end must be readable. The last value of a repeated key counts.
enum select_result select_run(select_paths *paths, const uint8_t *json, size_t length);

// Returns one value for each line of the paths, valid until the next run. Values of repeated paths are absent here.
const select_value *select_values(const select_paths *paths);
// Returns the values of repeated paths, in the order of the input.
const select_value *select_repeated(const select_paths *paths, size_t *count);

#ifdef __cplusplus
}
#endif
