import NIOCore

/// One call of the API as a value: the bytes of its request, and how its reply is read.
protocol Call: Sendable {
    associatedtype Reply: Sendable

    static var operation: Operation { get }
    /// The stream that the call is about: it chooses the host where it is an ARN, and errors name it.
    var stream: StreamIdentifier? { get }
    func body() -> ByteBuffer
    /// How long one attempt may take, where that is less than what the client allows.
    func timeLimit(bodyBytes: Int) -> Duration?
    func reply(_ fields: Fields) throws(MalformedReply) -> Reply
}

extension Call {
    func timeLimit(bodyBytes: Int) -> Duration? { nil }
}

extension Call where Reply == Void {
    func reply(_ fields: Fields) {}
}
