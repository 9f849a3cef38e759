import Records
import Testing

@Suite("Did you mean")
struct SpellingTests {
    @Test(
        "the nearest word is found",
        arguments: [
            ("startWith", "startsWith"), ("recrod", "record"), ("Fliter", "filter"), ("max-size", "max_size"), ("sise", "size"),
        ])
    func nearest(written: String, meant: String) {
        #expect(Spelling.nearest(to: written, among: ["filter", "record", "max_size", "size", "startsWith"]) == meant)
    }

    @Test(
        "what is too far from everything means nothing", arguments: ["", "xyz", "completely different", String(repeating: "a", count: 100)])
    func none(written: String) {
        #expect(Spelling.nearest(to: written, among: ["filter", "record", String(repeating: "a", count: 99)]) == nil)
    }
}
