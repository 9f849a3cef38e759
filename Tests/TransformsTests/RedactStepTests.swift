import Pipeline
import Records
import Testing
import Transforms

@Suite("redact")
struct RedactStepTests {
    private let payment = Value.fields([
        "card": .string("4111111111111111"), "cvc": .int(123), "holder": .fields(["name": .string("Anna"), "x": .null]),
        "notes": .list([.string("call 0151-1234567 or 0151-7654321"), .bool(true)]),
    ])

    private func redact(_ options: String) throws -> Value {
        try #require(try Fixture.chain("redact: {\(options)}").output(payment))
    }

    @Test("a mask has as many characters as there were, and may keep the last")
    func mask() throws {
        let masked = try redact("fields: [card, cvc, holder]")
        #expect(masked.field("card") == .string("****************"))
        #expect(masked.field("cvc") == .string("***"))
        #expect(masked.field("holder") == .fields(["name": .string("****"), "x": .null]))
        #expect(try redact("fields: [card], keep_last: 4").field("card") == .string("************1111"))
        #expect(try redact("fields: [cvc], keep_last: 4").field("cvc") == .string("**3"))
    }

    @Test("hashes are those of SHA-256, and with a key those of HMAC")
    func hashes() throws {
        // As `printf 4111111111111111 | sha256sum`, and with `openssl dgst -sha256 -hmac secret`.
        #expect(
            try redact("fields: [card], with: sha256").field("card")
                == .string("9bbef19476623ca56c17da75fd57734dbf82530686043a6e491c6d71befe8f6e"))
        #expect(
            try redact("fields: [card], with: sha256, key: secret").field("card")
                == .string("d6c005134ac50dec0e01cbc4aeaf3fbdb511c4ceeb55f909c29def3b0cffba36"))
    }

    @Test("any other text stands in the field's place")
    func text() throws {
        #expect(try redact("fields: [card, nothing], with: removed").field("card") == .string("removed"))
    }

    @Test("a pattern hides only what it matches")
    func pattern() throws {
        #expect(
            try redact(#"fields: [notes, cvc], with: phone, pattern: '\d{4}-\d+'"#).field("notes")
                == .list([.string("call phone or phone"), .bool(true)]))
        #expect(try redact(#"fields: [cvc], with: phone, pattern: '\d+'"#).field("cvc") == .int(123))
    }

    @Test("a record that is no map is a failure")
    func notMap() throws {
        #expect(try Fixture.chain("redact: {fields: [a]}").failure(.int(1)) == "record_not_a_map")
    }

    @Test(
        "mistakes are found while the file is compiled",
        arguments: [
            ("redact: {}", "6:9 missing_key"), ("redact: {fields: []}", "6:26 invalid_value"),
            ("redact: {fields: [a], with: sha265}", "6:37 suspicious_value"), ("redact: {fields: [a], key: x}", "6:36 unused_key"),
            ("redact: {fields: [a], with: x, keep_last: 2}", "6:51 unused_key"),
        ])
    func mistakes(step: String, expected: String) {
        #expect(Fixture.diagnostics(step) == [expected])
    }
}
