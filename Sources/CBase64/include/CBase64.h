#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Encodes the beginning of `input` as base64 (RFC 4648, section 4), as much of it as wide registers take.
///
/// Returns the bytes that are encoded, a multiple of 3: none where the processor lacks AVX2. `output` has room for all of `length`.
size_t base64_encode_wide(const uint8_t *input, size_t length, uint8_t *output);

/// Decodes the beginning of `input`, as much of it as wide registers take, up to the first character that is no base64 or is padding.
///
/// Returns the characters that are decoded, a multiple of 4: none where the processor lacks AVX2. `output` has room for all of `length`.
size_t base64_decode_wide(const uint8_t *input, size_t length, uint8_t *output);

#ifdef __cplusplus
}
#endif
