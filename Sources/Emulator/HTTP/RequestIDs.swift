import Coordination
import Synchronization

/// The numbers that a server gives to requests, one after the other.
final class RequestIDs: Sendable {
    private let generator: Mutex<JitterGenerator>

    /// The same seed gives the same numbers.
    init(seed: UInt64) {
        generator = Mutex(JitterGenerator(seed: seed))
    }

    /// `x-amzn-RequestId`.
    func short() -> String { generator.withLock { RequestID.short(using: &$0) } }

    /// `x-amz-id-2`.
    func extended() -> String { generator.withLock { RequestID.extended(using: &$0) } }
}
