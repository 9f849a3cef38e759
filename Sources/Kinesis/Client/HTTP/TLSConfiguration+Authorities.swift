import NIOSSL
import Records

extension TLSConfiguration {
    /// What a client trusts: the system's authorities, or those of a file in their stead (`AWS_CA_BUNDLE`); nil for AsyncHTTPClient's own.
    static func trusting(_ certificateBundle: String?) throws(Failure) -> TLSConfiguration? {
        guard let certificateBundle, !certificateBundle.isEmpty else { return nil }
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(certificateBundle)
        } catch {
            throw Failure("aws_ca_bundle", "the certificates of AWS_CA_BUNDLE (\(certificateBundle)) cannot be read")
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(certificates)
        return tls
    }
}
