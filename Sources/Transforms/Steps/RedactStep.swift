import Crypto
import JSON
import OrderedCollections
import Patterns
public import Pipeline
public import Records

/// `redact: {fields: [card], with: sha256, key: ${REDACT_KEY}}`
public struct RedactStep: Step {
    /// What is hidden and what stands there instead.
    public struct Config: ComponentConfig {
        var paths: [FieldPath] = []
        var replacement = "mask"
        var key: String?
        var keepLast = 0
        var pattern: PatternSetting?

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field(
                "fields", \.paths, required: true,
                "The fields to hide, all that is inside of maps and lists too. One that is not there is no error."),
            Field(
                "with", \.replacement,
                "`mask`: a `*` for each character. `sha256`: the hash in hexadecimal, so that equal values stay equal. Anything else is the text "
                    + "that stands there instead."),
            Field(
                "key", \.key,
                "Of `sha256`: makes it an HMAC with this secret, such as `${REDACT_KEY}`. Without one, what has few possible values can be guessed."
            ),
            Field("keep_last", \.keepLast, "Of `mask`: so many characters at the end stay, as long as at least half of them are hidden."),
            Field("pattern", \.pattern, "Hides only what this regular expression matches, in texts; everything else stays."),
        ]

        /// Which options belong to what.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if paths.isEmpty, let option = node["fields"] { context.error("invalid_value", "there are no fields to hide", at: option) }
            if let option = node["key"], replacement != "sha256" {
                context.error("unused_key", "`key` is an option of `with: sha256` only", at: option)
            } else if let option = node["key"], key?.isEmpty != false {
                context.error("invalid_value", "the key is empty", at: option)
            }
            if let option = node["keep_last"], replacement != "mask" || keepLast < 0 {
                context.error(
                    replacement == "mask" ? "invalid_value" : "unused_key",
                    replacement == "mask" ? "`keep_last` is not negative" : "`keep_last` is an option of `with: mask` only", at: option)
            }
            let words = ["sha256", "mask"]
            if let option = node["with"], !words.contains(replacement), let meant = Spelling.nearest(to: replacement, among: words) {
                context.warning("suspicious_value", "this text stands where the fields were", at: option, hint: "did you mean `\(meant)`?")
            }
        }
    }

    private enum Replacement: Sendable {
        case text(String)
        case mask(keepLast: Int)
        case hash
        case keyedHash(SymmetricKey)
    }

    /// The key in a pipeline file.
    public static let kind = "redact"
    /// One sentence for docs.
    public static let summary = "Hides the values of fields behind a mask, a hash or a text."
    /// For docs.
    public static let example = "redact: {fields: [card], with: sha256, key: '${REDACT_KEY}'}"

    private let paths: [FieldPath]
    private let replacement: Replacement
    private let pattern: Pattern?

    /// A step that hides these fields.
    public init(_ config: Config, context: StepContext) {
        paths = config.paths
        pattern = config.pattern?.pattern
        replacement =
            switch (config.replacement, config.key) {
            case ("mask", _): .mask(keepLast: config.keepLast)
            case ("sha256", nil): .hash
            case ("sha256", let key?): .keyedHash(SymmetricKey(data: Array(key.utf8)))
            default: .text(config.replacement)
            }
    }

    /// Throws where the record is no map.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
        for path in paths { record.value.update(path.names[...], hide) }
        return .keep
    }

    private func hide(_ value: inout Value) {
        switch value {
        case .null: break
        case .map(let map): value = .map(map.mapValues(hidden))
        case .list(let list): value = .list(list.map(hidden))
        case .string(let text): value = .string(pattern.map { hide($0, in: text) } ?? replaced(Array(text.utf8)))
        case .bytes(let bytes):
            if pattern == nil { value = .string(replaced(bytes)) }
        case .bool, .int, .bigInteger, .double, .ext:
            if pattern == nil { value = .string(replaced((try? JSON.bytes(value)) ?? Array("\(value)".utf8))) }
        }
    }

    private func hidden(_ value: Value) -> Value {
        var value = value
        hide(&value)
        return value
    }

    /// Every match replaced.
    private func hide(_ pattern: Pattern, in text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        bytes.withUnsafeBufferPointer { buffer in
            var search = 0
            while let match = pattern.firstMatch(in: buffer, from: search)?[0] {
                guard !match.isEmpty else {
                    search = match.upperBound + 1
                    continue
                }
                result += bytes[position..<match.lowerBound]
                result += Array(replaced(Array(bytes[match])).utf8)
                (position, search) = (match.upperBound, match.upperBound)
            }
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }

    private func replaced(_ bytes: [UInt8]) -> String {
        switch replacement {
        case .text(let text): return text
        case .mask(let keepLast):
            let characters = Array(String(decoding: bytes, as: UTF8.self))
            let kept = min(keepLast, characters.count / 2)
            return String(repeating: "*", count: characters.count - kept) + String(characters.suffix(kept))
        case .hash: return hexadecimal(SHA256.hash(data: bytes))
        case .keyedHash(let key): return hexadecimal(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        }
    }

    private func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
