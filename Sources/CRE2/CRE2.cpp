#include "CRE2.h"

#include <cstring>
#include <map>
#include <new>
#include <re2/re2.h>
#include <string>

namespace {
// A text that is empty may have no address; RE2 tells an empty group from a missing one by its address.
const char *address(const uint8_t *text) {
    return text == nullptr ? "" : reinterpret_cast<const char *>(text);
}
} // namespace

struct cre2_pattern {
    re2::RE2 expression;
    std::map<int, std::string> names;

    cre2_pattern(const re2::StringPiece &text, const re2::RE2::Options &options) : expression(text, options) {
        if (expression.ok()) {
            names = expression.CapturingGroupNames();
        }
    }
};

cre2_pattern *cre2_compile(const uint8_t *text, size_t length, int64_t max_memory, char *message, size_t capacity) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(max_memory);
    auto *pattern = new (std::nothrow) cre2_pattern(re2::StringPiece(address(text), length), options);
    if (pattern != nullptr && pattern->expression.ok()) {
        return pattern;
    }
    const std::string reason = pattern == nullptr ? "out of memory" : pattern->expression.error();
    if (capacity > 0) {
        const size_t kept = reason.size() < capacity ? reason.size() : capacity - 1;
        std::memcpy(message, reason.data(), kept);
        message[kept] = '\0';
    }
    delete pattern;
    return nullptr;
}

void cre2_free(cre2_pattern *pattern) {
    delete pattern;
}

int cre2_group_count(const cre2_pattern *pattern) {
    return pattern->expression.NumberOfCapturingGroups();
}

const char *cre2_group_name(const cre2_pattern *pattern, int index) {
    const auto found = pattern->names.find(index);
    return found == pattern->names.end() ? nullptr : found->second.c_str();
}

bool cre2_match(
    const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t from, cre2_span *spans, int count) {
    constexpr int most = 65;
    re2::StringPiece groups[most];
    const int wanted = count < most ? count : most;
    const char *start = address(text);
    const re2::StringPiece whole(start, length);
    if (!pattern->expression.Match(whole, from, length, re2::RE2::UNANCHORED, groups, wanted)) {
        return false;
    }
    for (int index = 0; index < count; ++index) {
        if (index >= wanted || groups[index].data() == nullptr) {
            spans[index] = {-1, -1};
        } else {
            const ptrdiff_t offset = groups[index].data() - start;
            spans[index] = {offset, offset + static_cast<ptrdiff_t>(groups[index].size())};
        }
    }
    return true;
}
