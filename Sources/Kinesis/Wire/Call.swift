/// One call of the API as a value: the bytes of its request, and how its reply is read.
protocol Call: Sendable {
    associatedtype Reply: Sendable

    static var operation: Operation { get }
    /// The stream that the call is about: it chooses the host where it is an ARN, and errors name it.
    var stream: StreamIdentifier? { get }
    func body() -> HashedBody
    /// How long one attempt may take, where that is less than what the client allows.
    func timeLimit(bodyBytes: Int) -> Duration?
    /// The same in CBOR; nil for calls without blobs, of which little is to be gained.
    func cborBody() -> HashedBody?
    func reply(_ fields: Fields) throws(MalformedReply) -> Reply
    /// A quicker way to read a JSON reply; nil where `reply` is to read it.
    func scanned(_ body: [UInt8]) -> Reply?
}

extension Call {
    func cborBody() -> HashedBody? { nil }
    func scanned(_ body: [UInt8]) -> Reply? { nil }
}

extension Call {
    func timeLimit(bodyBytes: Int) -> Duration? { nil }
}

extension Call where Reply == Void {
    func reply(_ fields: Fields) {}
}
