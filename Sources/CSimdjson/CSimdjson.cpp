#include "CSimdjson.h"

#include <charconv>
#include <optional>
#include <simdjson.h>

namespace {
// A parser owns the tape, the strings and a padded copy of the text: reused, parsing allocates nothing.
thread_local std::optional<simdjson::dom::parser> parser;
}

csimdjson_document csimdjson_parse(const uint8_t *bytes, size_t length, size_t max_depth) {
    if (!parser) {
        parser.emplace();
        if (parser->allocate(4096, max_depth) != simdjson::SUCCESS) {
            parser.reset();
            return {nullptr, nullptr, false};
        }
    }
    simdjson::dom::element root;
    if (parser->parse(bytes, length, true).get(root) != simdjson::SUCCESS) {
        return {nullptr, nullptr, false};
    }
    return {parser->doc.tape.get(), parser->doc.string_buf.get(), true};
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
