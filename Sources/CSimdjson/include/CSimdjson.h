#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed document as simdjson's tape: 64-bit words, the type's letter in the top byte and a payload in the other seven.
///
/// The tape format is described in simdjson's doc/tape.md. Strings lie unescaped in `strings`, each behind its 32-bit length.
/// Both pointers belong to the calling thread's parser: they are valid until that thread's next call of any function here.
typedef struct {
    const uint64_t *tape;
    size_t tape_count;
    const uint8_t *strings;
    /// Bytes from `strings` on among which all strings are; not all of them need be strings.
    size_t strings_bound;
    /// False when simdjson refuses the text; everything else is nothing then.
    bool accepted;
    /// Every string is UTF-8, and every key ASCII. (Halves of surrogate pairs pass through simdjson as three bytes that are not UTF-8.)
    bool is_plain;
} csimdjson_document;

/// Parses one JSON text. `readable` bytes, which are not fewer than `length`, may be read; `max_depth` is the number of nested arrays and
/// objects that is refused.
csimdjson_document csimdjson_parse(const uint8_t *bytes, size_t length, size_t readable, size_t max_depth);

/// Gives the calling thread's buffers back: for use after an unusually large text.
void csimdjson_release(void);

/// The fewest decimal digits that read back as `magnitude`, which is finite and not negative: at most 17.
///
/// `digits` has room for 32 bytes. The value is 0.DIGITS times ten to the power of `*point`. Returns the number of digits.
size_t csimdjson_shortest_digits(double magnitude, char *digits, int *point);

#ifdef __cplusplus
}
#endif
