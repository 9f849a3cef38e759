import Crypto
import NIOCore
import Synchronization
import Wire

/// Signs the calls of one client: what `RequestSigner` would answer, for the price of two hashes and one HMAC.
///
/// Of two calls of one operation only the time and the body differ, both of a fixed length in the text that is signed. So the rest is
/// made once a day, and those two are written over it.
final class CallSigner: Sendable {
    private let signer: RequestSigner
    private let forms = Mutex<[FormKey: SignedForm]>([:])

    /// A client has one entry an operation and host: what is more comes from credentials and days that are over.
    private static let mostForms = 64

    private struct FormKey: Hashable {
        var operation: Operation
        var format: WireFormat
        var url: EndpointURL
        var credentials: StaticCredentials
        /// Days since 1970, UTC.
        var day: Int64
    }

    init(region: String) {
        signer = RequestSigner(region: region, service: "kinesis")
    }

    /// The headers of a call, its authorization the last of them.
    func headers(
        for operation: Operation, url: EndpointURL, body: HashedBody, as format: WireFormat, credentials: StaticCredentials,
        at seconds: Int64
    ) -> [(name: String, value: String)] {
        let key = FormKey(operation: operation, format: format, url: url, credentials: credentials, day: seconds / 86_400)
        let kept = forms.withLock { $0[key] }
        let form = kept ?? SignedForm(signer, operation: operation, format: format, url: url, credentials: credentials, at: seconds)
        if kept == nil {
            forms.withLock { forms in
                if forms.count >= Self.mostForms { forms = [:] }
                forms[key] = form
            }
        }
        return form.headers(body: body.hash, at: CalendarTime(secondsSince1970: seconds).basicTime)
    }
}

/// The canonical request and the string to sign of an operation, with room for a time and a hash.
private struct SignedForm: Sendable {
    private static let hashLength = 64
    private static let timeLength = 16

    private var canonical: [UInt8]
    private let canonicalTime: Int
    private var stringToSign: [UInt8]
    private let key: SigningKey
    private var template: [(name: String, value: String)]
    private let timeHeader: Int
    /// The value of the Authorization header without the signature.
    private let authorization: String

    init(
        _ signer: RequestSigner, operation: Operation, format: WireFormat, url: EndpointURL, credentials: StaticCredentials,
        at seconds: Int64
    ) {
        let signed = signer.sign(
            method: "POST", url: url,
            headers: [("Content-Type", format.rawValue), ("X-Amz-Target", operation.target), ("User-Agent", "kinesis-agent")],
            body: ByteBuffer(), credentials: credentials, at: CalendarTime(secondsSince1970: seconds))
        canonical = Array(signed.canonicalRequest.text.utf8)
        let marker = "\nx-amz-date:"
        guard let place = signed.canonicalRequest.text.range(of: marker),
            let timeHeader = signed.headers.firstIndex(where: { $0.name == "X-Amz-Date" }),
            let full = signed.headers.last?.value
        else { preconditionFailure("A signed request has a date and an authorization.") }
        canonicalTime = signed.canonicalRequest.text.utf8.distance(
            from: signed.canonicalRequest.text.startIndex, to: place.upperBound)
        stringToSign = Array(signed.stringToSign.utf8)
        key = signed.key
        template = Array(signed.headers.dropLast())
        self.timeHeader = timeHeader
        authorization = String(full.dropLast(Self.hashLength))
    }

    /// `time` as `CalendarTime.basicTime`.
    func headers(body: SHA256.Digest, at time: String) -> [(name: String, value: String)] {
        var (canonical, stringToSign) = (canonical, stringToSign)
        canonical.replace(at: canonicalTime, with: time)
        Hex.write(body, over: &canonical, at: canonical.count - Self.hashLength)
        stringToSign.replace(at: "AWS4-HMAC-SHA256\n".utf8.count, with: time)
        Hex.write(SHA256.hash(data: canonical), over: &stringToSign, at: stringToSign.count - Self.hashLength)
        var headers = template
        headers[timeHeader].value = time
        headers.append(("Authorization", authorization + key.signature(of: stringToSign)))
        return headers
    }
}

extension [UInt8] {
    fileprivate mutating func replace(at offset: Int, with text: String) {
        for (index, byte) in text.utf8.enumerated() { self[offset + index] = byte }
    }
}
