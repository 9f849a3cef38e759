import Records
import Synchronization

/// The numbers that a server gives to requests, one after the other.
final class RequestIDs: Sendable {
    private let generator: Mutex<SplitMix64>

    /// The same seed gives the same numbers.
    init(seed: UInt64) {
        generator = Mutex(SplitMix64(seed: seed))
    }

    /// `x-amzn-RequestId`.
    func short() -> String { generator.withLock { RequestID.short(using: &$0) } }

    /// `x-amz-id-2`.
    func extended() -> String { generator.withLock { RequestID.extended(using: &$0) } }
}
