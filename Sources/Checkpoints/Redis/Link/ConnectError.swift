import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Errors of the network in the words of a person.
enum ConnectError {
    /// `isFinal`: another attempt would end in the same way.
    static func explain(_ error: any Error) -> (reason: String, isFinal: Bool) {
        switch error {
        case let error as NIOConnectionError:
            // Every address was tried; the reason for the first stands for all.
            if let first = error.connectionErrors.first { return explain(first.error) }
            return ("its name cannot be resolved", false)
        case let error as IOError:
            return (String(cString: strerror(error.errnoCode)).lowercased(), false)
        case ChannelError.connectTimeout(let time):
            return ("no connection within \(time.nanoseconds / 1_000_000) ms", false)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            let text = String(describing: error)
            if text.contains("CERTIFICATE_VERIFY_FAILED") { return ("its TLS certificate is not trusted", true) }
            if text.contains("WRONG_VERSION_NUMBER") { return ("it does not speak TLS", true) }
            if text.contains("failedToValidateHostname") { return ("its TLS certificate is for another name", true) }
            if text.contains("CERTIFICATE_REQUIRED") { return ("it asks for a client certificate; give cert_file and key_file", true) }
            if text.contains("UNKNOWN_CA") || text.contains("ALERT_BAD_CERTIFICATE") || text.contains("CERTIFICATE_UNKNOWN") {
                return ("it does not trust the client certificate", true)
            }
            return ("TLS failed: \(text)", false)
        default:
            return (String(describing: error), false)
        }
    }
}
