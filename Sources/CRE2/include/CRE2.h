#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression of RE2; any number of threads may use one at the same time.
typedef struct cre2_pattern cre2_pattern;

/// A part of a text in bytes; `start` is -1 for a group that took no part in the match.
typedef struct {
    ptrdiff_t start;
    ptrdiff_t end;
} cre2_span;

/// Compiles a pattern; `max_memory` bounds the compiled program and, again, the states kept while matching.
///
/// Where the pattern is refused the result is null and `message` holds the reason, cut to `capacity` bytes with a final NUL.
cre2_pattern *cre2_compile(const uint8_t *pattern, size_t length, int64_t max_memory, char *message, size_t capacity);

/// Frees a pattern.
void cre2_free(cre2_pattern *pattern);

/// Groups besides the whole match.
int cre2_group_count(const cre2_pattern *pattern);

/// The name of the group with this index (1 is the first), or null for one without a name. Lives as long as the pattern.
const char *cre2_group_name(const cre2_pattern *pattern, int index);

/// Finds the first match that begins at `from` or later. `spans` has room for `count` spans: the match and its first groups.
bool cre2_match(
    const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t from, cre2_span *spans, int count);

#ifdef __cplusplus
}
#endif
