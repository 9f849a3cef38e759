/// What becomes of a request.
enum Answer: Sendable {
    case reply(ServiceReply)
    /// The connection is cut in the middle of the body.
    case cutReply(ServiceReply)
    case events(Subscription)
    /// The connection is cut without a reply.
    case hangUp
    /// No reply ever comes.
    case silence
}
