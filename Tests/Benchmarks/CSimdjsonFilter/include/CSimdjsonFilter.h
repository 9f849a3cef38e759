#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Parses each line of `text`, and copies those to `output` whose `status` is at least 500 and whose `path` begins with /api, or of which
/// the opposite is true where `inverted`. Returns the bytes written; `output` has room for all of `text`.
size_t simdjson_filter_lines(const uint8_t *text, size_t length, int inverted, uint8_t *output);

#ifdef __cplusplus
}
#endif
