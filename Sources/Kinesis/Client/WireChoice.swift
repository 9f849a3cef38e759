import Synchronization
import Wire

/// In which format requests with records are written.
public enum WirePreference: String, Sendable, Hashable, CaseIterable {
    /// What every server understands.
    case json
    /// A quarter fewer bytes, and no base64.
    case cbor
    /// CBOR until the server refuses it, JSON from then on.
    case auto
}

/// The format in which one endpoint is spoken to: what a call learns holds for all that follow.
final class WireChoice: Sendable {
    private let preference: WirePreference
    private let isRefused = Atomic<Bool>(false)

    init(_ preference: WirePreference) {
        self.preference = preference
    }

    /// For calls that can be written in both.
    var format: WireFormat {
        switch preference {
        case .json: .json
        case .cbor: .cbor
        case .auto: isRefused.load(ordering: .relaxed) ? .json : .cbor
        }
    }

    /// Whether a call in CBOR that failed so is to be made in JSON: the server knows no CBOR. Servers that do not either name the body as
    /// what is wrong, or break on it without a code of the API.
    func isRefusal(_ error: KinesisError) -> Bool {
        guard preference == .auto else { return false }
        let isRefusal =
            switch error.httpStatus {
            case 400, 404: ["SerializationException", "UnknownOperationException"].contains(error.code)
            case 415: true
            case 500: error.code == "HTTP 500"
            default: error.kind == .malformedReply
            }
        if isRefusal { isRefused.store(true, ordering: .relaxed) }
        return isRefusal
    }
}
