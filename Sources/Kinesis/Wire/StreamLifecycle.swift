import Records

struct CreateStream: Call {
    static let operation = Operation.createStream

    let name: String
    let shards: Int

    var stream: StreamIdentifier? { .name(name) }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field("StreamName", name)
        body.field("ShardCount", shards)
        return body.finished()
    }
}

struct DeleteStream: Call {
    static let operation = Operation.deleteStream

    let target: StreamIdentifier

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(target)
        return body.finished()
    }
}

struct ListStreams: Call {
    static let operation = Operation.listStreams

    struct Page: Sendable {
        var names: [String]
        var nextToken: String?
        var hasMore: Bool
    }

    let nextToken: String?
    /// How servers older than `NextToken` (kinesalite, moto) page: the last name seen.
    let startAfter: String?

    var stream: StreamIdentifier? { nil }

    func body() -> HashedBody {
        var body = JSONBody()
        if let nextToken { body.field("NextToken", nextToken) } else { body.field("ExclusiveStartStreamName", startAfter) }
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> Page {
        var names: [String] = []
        for value in try fields.list("StreamNames") {
            guard let name = value.string else { throw MalformedReply("StreamNames holds \(value.typeName), not a string") }
            names.append(name)
        }
        return Page(names: names, nextToken: try fields.optionalString("NextToken"), hasMore: try fields.boolean("HasMoreStreams"))
    }
}
