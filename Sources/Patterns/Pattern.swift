import CRE2

/// A regular expression in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), compiled once and used by any number of threads.
///
/// Matching takes time linear in the text whatever the pattern, and bounded memory: there are no back references and no look-around.
public final class Pattern: @unchecked Sendable {  // RE2 objects are immutable and thread-safe once they are compiled.
    /// UTF-8 bytes of one pattern.
    public static let maximumLength = 4_096
    /// Bytes of the compiled program, and again of the states that matching keeps: RE2 then takes a slower way that needs no more.
    public static let maximumMemory = 1 << 20
    /// Groups of one pattern.
    public static let maximumGroups = 64

    /// Why a text is no pattern.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        /// In a few words, without a full stop.
        public let reason: String

        /// The reason.
        public var description: String { reason }
    }

    /// As written.
    public let source: String
    /// The names of the groups from the first on; nil for one without a name.
    public let groupNames: [String?]

    private let handle: OpaquePointer

    /// Throws where the pattern is malformed or beyond a limit.
    public init(_ source: String) throws(Malformed) {
        let bytes = Array(source.utf8)
        guard bytes.count <= Self.maximumLength else {
            throw Malformed(reason: "a regular expression has at most \(Self.maximumLength) bytes")
        }
        var message = [CChar](repeating: 0, count: 256)
        let compiled = bytes.withUnsafeBufferPointer { text in
            cre2_compile(text.baseAddress, text.count, Int64(Self.maximumMemory), &message, message.count)
        }
        guard let compiled else {
            throw Malformed(reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        let count = cre2_group_count(compiled)
        guard count <= Self.maximumGroups else {
            cre2_free(compiled)
            throw Malformed(reason: "a regular expression has at most \(Self.maximumGroups) groups")
        }
        handle = compiled
        self.source = source
        groupNames = count == 0 ? [] : (1...count).map { cre2_group_name(compiled, $0).map { String(cString: $0) } }
    }

    deinit {
        cre2_free(handle)
    }

    /// Whether it matches anywhere in a text.
    public func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { cre2_match(handle, $0.baseAddress, $0.count, 0, nil, 0) }
    }

    /// Whether it matches anywhere in UTF-8 bytes.
    public func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        cre2_match(handle, bytes.baseAddress, bytes.count, 0, nil, 0)
    }

    /// The first match at or after an offset: where it lies, then where each group does; nil for a group that took no part in it.
    public func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0) -> [Range<Int>?]? {
        guard offset <= bytes.count else { return nil }
        let count = groupNames.count + 1
        return withUnsafeTemporaryAllocation(of: cre2_span.self, capacity: count) { spans -> [Range<Int>?]? in
            guard cre2_match(handle, bytes.baseAddress, bytes.count, offset, spans.baseAddress, Int32(count)) else { return nil }
            return spans.map { $0.start < 0 ? nil : $0.start..<$0.end }
        }
    }
}
