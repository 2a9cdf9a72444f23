// Picks the wanted values out of one JSON object and hands them over raw; everything else is passed over unread.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The value's first byte decides its kind; a number is not checked further, its reader must be.
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

// Where a value stands in the input: a string without its quotes, an array or object with its brackets.
typedef struct {
    uint32_t start;
    uint32_t length;
    uint8_t kind;
    // Whether a backslash stands in it.
    uint8_t is_escaped;
    // Of a repeated path: which.
    uint16_t path;
} select_value;

enum select_result {
    select_found = 0,
    // Not one JSON object: cut off, not UTF-8, brackets that do not match, bytes after the end.
    select_malformed = 1,
    select_not_an_object = 2,
    select_out_of_memory = 3,
};

typedef struct select_paths select_paths;

// Compiles paths, one a line: keys joined by points, at most 8; `[]` stands for each element of an array. Keys are
// ASCII, at most 40 bytes. A line that is no such path, or is there twice, gives NULL. The caller owns the result and
// frees it.
select_paths *select_compile(const char *lines, size_t length);
void select_free(select_paths *paths);

// Finds the wanted values of `json`; 64 bytes after its end must be readable. Of a key that stands twice the last
// counts.
enum select_result select_run(select_paths *paths, const uint8_t *json, size_t length);

// One value per line of the paths, good until the next run. Those of repeated paths stay absent here.
const select_value *select_values(const select_paths *paths);
// What the repeated paths found, in the order of the input.
const select_value *select_repeated(const select_paths *paths, size_t *count);

#ifdef __cplusplus
}
#endif
