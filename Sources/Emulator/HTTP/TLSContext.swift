import NIOSSL
import Records

/// The server's side of TLS: its certificate, its key, and the protocols that it speaks.
struct TLSContext: Sendable {
    let context: NIOSSLContext

    /// Throws a `Failure`.
    init(_ settings: EmulatorConfiguration.TLS) throws {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificateChain).map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: settings.privateKey, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            // RFC 7301: the client's choice between HTTP/2 and HTTP/1.1.
            configuration.applicationProtocols = ["h2", "http/1.1"]
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Failure(
                "tls_unusable",
                "the certificate \(settings.certificateChain) with the key \(settings.privateKey) cannot be used: \(error)",
                hint: "Both are PEM files, the key without a passphrase")
        }
    }
}
