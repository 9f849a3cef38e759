#include "CSimdjsonFilter.h"

#include <cstring>
#include <simdjson.h>

size_t simdjson_filter_lines(const uint8_t *text, size_t length, int inverted, uint8_t *output) {
    static thread_local simdjson::dom::parser parser;
    size_t written = 0;
    const uint8_t *line = text;
    const uint8_t *const end = text + length;
    while (line < end) {
        const void *found = memchr(line, '\n', size_t(end - line));
        const uint8_t *line_end = found ? static_cast<const uint8_t *>(found) : end;
        simdjson::dom::element root;
        int64_t status;
        std::string_view path;
        if (parser.parse(line, size_t(line_end - line), true).get(root) == simdjson::SUCCESS &&
            root["status"].get(status) == simdjson::SUCCESS && root["path"].get(path) == simdjson::SUCCESS) {
            const bool holds = status >= 500 && path.substr(0, 4) == "/api";
            if (holds != (inverted != 0)) {
                memcpy(output + written, line, size_t(line_end - line));
                written += size_t(line_end - line);
                output[written++] = '\n';
            }
        }
        line = line_end + 1;
    }
    return written;
}
