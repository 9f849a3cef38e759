#include "CSimdjson.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <simdjson.h>

namespace {
// A parser owns the tape, the strings and, where one is needed, a padded copy of the text: reused, parsing allocates nothing.
thread_local std::optional<simdjson::dom::parser> parser;

constexpr size_t deepest = 1100;

struct text_properties {
    bool has_escape, has_non_ascii;
};

bool is_ascii(const char *bytes, size_t length) {
    char all = 0;
    for (size_t i = 0; i < length; ++i) {
        all |= bytes[i];
    }
    return (all & 0x80) == 0;
}

text_properties examine(const uint8_t *bytes, size_t length) {
    // The library's search goes through wider registers than a loop of ours is compiled to.
    return {memchr(bytes, '\\', length) != nullptr, !is_ascii(reinterpret_cast<const char *>(bytes), length)};
}

/// Whether every key is ASCII and every string UTF-8.
bool has_plain_strings(const uint64_t *tape, size_t end, const uint8_t *strings) {
    bool in_object[deepest];
    size_t depth = 0;
    bool is_key = false;
    in_object[0] = false;
    for (size_t i = 1; i < end; ++i) {
        switch (static_cast<char>(tape[i] >> 56)) {
        case '{':
            in_object[++depth] = true;
            break;
        case '[':
            in_object[++depth] = false;
            break;
        case '}':
        case ']':
            --depth;
            break;
        case '"': {
            const uint8_t *string = strings + (tape[i] & ((uint64_t(1) << 56) - 1));
            uint32_t length;
            memcpy(&length, string, sizeof length);
            const char *text = reinterpret_cast<const char *>(string + sizeof length);
            if (is_key ? !is_ascii(text, length) : !simdjson::validate_utf8(text, length)) {
                return false;
            }
            if (is_key) {
                is_key = false;
                continue;
            }
            break;
        }
        case 'l':
        case 'u':
        case 'd':
            ++i;
            break;
        default:
            break;
        }
        // Behind a value, and at an object's beginning, a key follows where an object is open.
        is_key = in_object[depth];
    }
    return true;
}
}

csimdjson_document csimdjson_parse(const uint8_t *bytes, size_t length, size_t readable, size_t max_depth) {
    if (!parser) {
        parser.emplace();
        if (parser->allocate(4096, max_depth) != simdjson::SUCCESS) {
            parser.reset();
            return {};
        }
    }
    simdjson::dom::element root;
    if (parser->parse(bytes, length, readable < length + simdjson::SIMDJSON_PADDING).get(root) != simdjson::SUCCESS) {
        return {};
    }
    const uint64_t *tape = parser->doc.tape.get();
    const uint8_t *strings = parser->doc.string_buf.get();
    // The root's payload is the number of words.
    const size_t tape_count = tape[0] & ((uint64_t(1) << 56) - 1);
    // A string takes five bytes more than its text, which takes three of quotes and a delimiter.
    const size_t strings_bound = std::min(length + 2 * tape_count, 5 * length / 3 + 8);
    const text_properties text = examine(bytes, length);
    const bool is_plain =
        !(text.has_escape || text.has_non_ascii) || (max_depth < deepest && has_plain_strings(tape, tape_count - 1, strings));
    return {tape, tape_count, strings, strings_bound, true, is_plain};
}

void csimdjson_release(void) {
    parser.reset();
}

size_t csimdjson_shortest_digits(double magnitude, char *digits, int *point) {
    char text[32];
    const char *end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific).ptr;
    const char *cursor = text;
    size_t count = 0;
    for (; *cursor != 'e'; ++cursor) {
        if (*cursor != '.') {
            digits[count++] = *cursor;
        }
    }
    ++cursor;
    // from_chars takes no plus sign.
    if (*cursor == '+') {
        ++cursor;
    }
    int exponent = 0;
    std::from_chars(cursor, end, exponent);
    *point = exponent + 1;
    return count;
}
