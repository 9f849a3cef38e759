import NIOSSL
import Records

/// What TLS connections trust, and how they name themselves.
enum RedisTLS {
    static func context(_ configuration: RedisConfiguration) throws(Failure) -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.caFile {
            // Read here, so that a file that cannot be is told by its name.
            tls.trustRoots = .certificates(try certificates(file, "the certificates to trust"))
        }
        if let file = configuration.certFile {
            tls.certificateChain = try certificates(file, "the client certificate").map { .certificate($0) }
        }
        do {
            if let file = configuration.keyFile { tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem)) }
        } catch {
            throw unreadable("the client's private key", configuration.keyFile)
        }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw Failure(
                "redis_tls_invalid", "cannot use the client certificate from \(configuration.certFile ?? "nowhere")",
                hint: "Does the private key belong to the first certificate of the file?")
        }
    }

    private static func certificates(_ file: String, _ what: String) throws(Failure) -> [NIOSSLCertificate] {
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(file)
            guard !certificates.isEmpty else { throw unreadable(what, file) }
            return certificates
        } catch {
            throw error as? Failure ?? unreadable(what, file)
        }
    }

    private static func unreadable(_ what: String, _ file: String?) -> Failure {
        Failure("redis_tls_invalid", "cannot read \(what) from \(file ?? "nowhere")", hint: "The file must exist, be readable and hold PEM")
    }
}
