import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Records

extension TransportError {
    /// What NIO, BoringSSL and AsyncHTTPClient throw, by what a caller can do about it.
    init(_ error: any Error, authority: String) {
        switch error {
        case let error as TransportError:
            self = error
        case is CancellationError:
            self = .cancelled
        case let error as HTTPClientError where error == .cancelled:
            self = .cancelled
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout || error == .writeTimeout:
            self = .timeout
        case let error as HTTPClientError:
            self = .connection("\(authority): \(error.shortDescription)")
        case let error as NIOConnectionError:
            guard let first = error.connectionErrors.first else {
                self = .connection("\(authority): the name has no address")
                return
            }
            self.init(first.error, authority: authority)
        case ChannelError.connectTimeout(let limit):
            self = .connection("\(authority): no connection within \(Duration.nanoseconds(limit.nanoseconds).text)")
        case let error as IOError:
            self = .connection("\(authority): \(String(cString: strerror(error.errnoCode)))")
        default:
            self = .connection("\(authority): \(error)")
        }
    }
}
