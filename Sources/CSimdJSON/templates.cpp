// The fastest way of reading a document, for one that differs from a known one only in its strings and scalars.
//
// Documents of one kind from one client repeat the same text with other values between. That text is compared by
// blocks, and each value is found by its end, without reading keys. Templates are learned from documents that
// `minified.cpp` has read, so both find the same.
#include "paths.h"

#include "plain.h"

namespace {

// Returns whether the step's text is at `byte`. It may read blocks behind the document.
inline bool stands(const Step &step, const uint8_t *byte) {
    uint32_t place = 0;
    for (; place + block_size < step.length; place += block_size) {
        if (!are_equal(step.text + place, byte + place, block_size)) { return false; }
    }
    return are_equal(step.text + place, byte + place, step.length - place);
}

}  // namespace

// Returns the alternative whose text is at `byte`, or null. It is moved to the front, since the next document is likely
// to be like this one.
Step *select_paths::step_at(const uint8_t *byte, int &front) {
    int *link = &front;
    while (*link != none && !stands(steps[*link], byte)) { link = &steps[*link].other; }
    int index = *link;
    if (index == none) { return nullptr; }
    *link = steps[index].other;
    steps[index].other = front;
    front = index;
    return &steps[index];
}

// A text that reaches beyond the document is noticed by what follows: neither a slot nor the document ends there.
bool select_paths::is_known(const uint8_t *input, size_t count) {
    const uint8_t *byte = input;
    const uint8_t *stop = input + count;
    int *next = &first_step;
    while (*next != none) {
        Step *step = &steps[*next];
        if (simdjson_unlikely(!stands(*step, byte))) {
            step = step_at(byte, *next);
            if (!step) { return false; }
        }
        for (uint32_t place = 0; place < step->bracket_count; place++) { keep(step->brackets[place], byte); }
        byte += step->length;
        if (step->slot == Step::none_left) { return byte == stop; }
        bool is_string = step->slot == Step::string;
        const uint8_t *end = is_string ? plain_quote_from(byte, stop) : after_scalar(byte, stop);
        if (!end) { return false; }
        if (step->path != none) {
            keep(*step, byte, end, is_string ? uint8_t(select_string) : kinds.of[*byte]);
        }
        byte = end;
        next = &step->next;
    }
    return false;
}

// Stores the begin or the end of a wanted object or array in a step's text.
void select_paths::keep(const Step::Bracket &bracket, const uint8_t *text) {
    select_value &value = values[bracket.path];
    uint32_t place = uint32_t(text - json) + bracket.offset;
    if (bracket.ends) {
        value.length = place - value.start;
    } else {
        value = {place, 0, kinds.of[json[place]], 0, uint16_t(bracket.path), bracket.element};
    }
}

// Learns a template from the document that was just read, and the values found in it.
void select_paths::learn() {
    // Not every document is learned, since a client may never send two alike.
    if (documents - learned < learning_interval) { return; }
    learned = documents;
    Step found[Step::count_max];
    size_t count = 0;
    const uint8_t *stop = json + length;
    const uint8_t *byte = json;
    do {
        if (count == Step::count_max || !found[count].read(*this, byte)) { return; }
    } while (found[count++].slot != Step::none_left);
    if (byte != stop) { return; }
    if (steps.size() + count > step_count_max) {
        steps.clear();
        first_step = none;
    }
    int parent = none;
    for (size_t place = 0; place < count; place++) {
        int index = parent == none ? first_step : steps[parent].next;
        while (index != none && !steps[index].is_same(found[place])) { index = steps[index].other; }
        if (index == none) {
            index = int(steps.size());
            // This may throw, so the step is linked only afterwards.
            steps.push_back(found[place]);
            int &front = parent == none ? first_step : steps[parent].next;
            steps[index].other = front;
            front = index;
        }
        parent = index;
    }
}

// Reads the step that begins at `byte`, and moves `byte` to its slot's end. Returns false if the text is too long for a
// step.
bool Step::read(const select_paths &paths, const uint8_t *&byte) {
    const uint8_t *start = byte;
    const uint8_t *stop = paths.json + paths.length;
    const uint8_t *value = nullptr;
    slot = none_left;
    while (byte < stop && !value) {
        if (*byte == '"') {
            // The quote may close the previous value.
            bool opens = byte > start || start == paths.json;
            const uint8_t *quote = opens ? quote_from(byte + 1, stop) : byte;
            if (!quote) { return false; }
            if (opens && quote[1] != ':') {
                slot = string;
                value = ++byte;
                byte = quote;
                break;
            }
            byte = quote + 1;
        } else if (scalar_bytes.contains[*byte]) {
            slot = scalar;
            value = byte;
            byte = after_scalar(byte, stop);
        } else {
            byte++;
        }
    }
    length = uint32_t((value ? value : byte) - start);
    if (length > text_length_max) { return false; }
    std::memcpy(text, start, length);
    if (value) { find_path(paths, value); }
    return find_brackets(paths, start);
}

// Finds the path whose value is in the slot.
void Step::find_path(const select_paths &paths, const uint8_t *value) {
    uint32_t place = uint32_t(value - paths.json);
    auto is_here = [&](const select_value &found) { return found.kind != select_absent && found.start == place; };
    for (size_t path = 0; path < paths.values.size(); path++) {
        if (is_here(paths.values[path])) { this->path = int(path); }
    }
    for (const select_value &found : paths.repeated) {
        if (!is_here(found)) { continue; }
        path = found.path;
        is_repeated = true;
        element = found.element;
    }
}

// Finds the wanted objects and arrays that begin or end in the text. Returns false for repeated ones, which
// `minified.cpp` reads.
bool Step::find_brackets(const select_paths &paths, const uint8_t *start) {
    auto is_container = [](const select_value &found) {
        return found.kind == select_object || found.kind == select_array;
    };
    for (const select_value &found : paths.repeated) {
        if (is_container(found)) { return false; }
    }
    uint32_t first = uint32_t(start - paths.json);
    for (size_t path = 0; path < paths.values.size(); path++) {
        const select_value &found = paths.values[path];
        if (!is_container(found)) { continue; }
        for (bool ends : {false, true}) {
            uint32_t place = found.start + (ends ? found.length : 0);
            // A container that ends where a text begins would end with the previous value, which is no bracket.
            if (place < first + ends || place - first >= length + ends) { continue; }
            if (bracket_count == bracket_count_max) { return false; }
            brackets[bracket_count++] = {uint8_t(place - first), ends, uint16_t(path), found.element};
        }
    }
    return true;
}

bool Step::is_same(const Step &other) const {
    if (length != other.length || slot != other.slot || bracket_count != other.bracket_count) { return false; }
    if (path != other.path || is_repeated != other.is_repeated) { return false; }
    return std::memcmp(text, other.text, length) == 0
        && std::memcmp(brackets, other.brackets, bracket_count * sizeof(Bracket)) == 0;
}
