#include "CBase64.h"

// The arithmetic is that of W. Muła and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018).

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx2"))) static size_t encode_avx2(const uint8_t *input, size_t length, uint8_t *output) {
    // Each half of a register takes 12 bytes, of which every three become four indices of six bits.
    const __m256i spread = _mm256_broadcastsi128_si256(_mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    // What is to be added to an index to get its character, by the range that the index is in.
    const __m256i offsets = _mm256_broadcastsi128_si256(
        _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                      '+' - 62, '/' - 63, 'A', 0, 0));
    size_t read = 0;
    // The second half is loaded from byte 12 on, 16 bytes of it.
    while (length - read >= 28) {
        const __m128i low = _mm_loadu_si128((const __m128i *)(input + read));
        const __m128i high = _mm_loadu_si128((const __m128i *)(input + read + 12));
        const __m256i bytes = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), spread);
        const __m256i first = _mm256_mulhi_epu16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x0fc0fc00)), _mm256_set1_epi32(0x04000040));
        const __m256i second = _mm256_mullo_epi16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x003f03f0)), _mm256_set1_epi32(0x01000010));
        const __m256i indices = _mm256_or_si256(first, second);
        const __m256i range = _mm256_subs_epu8(indices, _mm256_set1_epi8(51));
        const __m256i is_capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), indices);
        const __m256i entry = _mm256_or_si256(range, _mm256_and_si256(is_capital, _mm256_set1_epi8(13)));
        const __m256i text = _mm256_add_epi8(_mm256_shuffle_epi8(offsets, entry), indices);
        _mm256_storeu_si256((__m256i *)output, text);
        output += 32;
        read += 24;
    }
    return read;
}

__attribute__((target("avx2"))) static size_t decode_avx2(const uint8_t *input, size_t length, uint8_t *output) {
    // A character is foreign when the entries of its two halves have a bit in common.
    const __m256i low_entries = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
    const __m256i high_entries = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
    const __m256i offsets =
        _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i gather = _mm256_broadcastsi128_si256(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
    const __m256i nibble = _mm256_set1_epi8(0x0f);
    size_t read = 0;
    // 24 bytes come of 32 characters and 32 are stored: the 16 behind them leave room for the rest.
    while (length - read >= 48) {
        const __m256i text = _mm256_loadu_si256((const __m256i *)(input + read));
        const __m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), nibble);
        const __m256i low = _mm256_and_si256(text, nibble);
        if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_entries, low), _mm256_shuffle_epi8(high_entries, high))) {
            break;
        }
        const __m256i is_slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));
        const __m256i values = _mm256_add_epi8(text, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(is_slash, high)));
        const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
        const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
        const __m256i halves = _mm256_shuffle_epi8(groups, gather);
        _mm256_storeu_si256((__m256i *)output, _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7)));
        output += 24;
        read += 32;
    }
    return read;
}

size_t base64_encode_wide(const uint8_t *input, size_t length, uint8_t *output) {
    return __builtin_cpu_supports("avx2") ? encode_avx2(input, length, output) : 0;
}

size_t base64_decode_wide(const uint8_t *input, size_t length, uint8_t *output) {
    return __builtin_cpu_supports("avx2") ? decode_avx2(input, length, output) : 0;
}

#else

size_t base64_encode_wide(const uint8_t *input, size_t length, uint8_t *output) {
    (void)input, (void)length, (void)output;
    return 0;
}

size_t base64_decode_wide(const uint8_t *input, size_t length, uint8_t *output) {
    (void)input, (void)length, (void)output;
    return 0;
}

#endif
