import NIOSSL
import Records
import Synchronization

/// The TLS of a client's connections, made with the first that needs it: reading the system's authorities takes a hundredth of a second and
/// some megabytes, and a client of a plain endpoint never asks for them.
final class TLSContext: Sendable {
    private let configuration: TLSConfiguration
    private let made = Mutex<NIOSSLContext?>(nil)

    /// - Parameter certificateBundle: A file of certificate authorities that takes the place of the system's; read at once, so that a broken one
    ///   is an error at the start.
    init(certificateBundle: String?) throws(Failure) {
        let trusting = try TLSConfiguration.trusting(certificateBundle)
        configuration = trusting ?? .makeClientConfiguration()
        guard trusting != nil else { return }
        do { _ = try context() } catch { throw Failure("tls", "TLS cannot be set up: \(error)") }
    }

    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let made { return made }
            let context = try NIOSSLContext(configuration: configuration)
            made = context
            return context
        }
    }
}
