import Records

/// The servers behind a store: one, or a cluster of them.
protocol RedisServers: Sendable {
    /// How failures that concern all of them name them.
    var endpoint: RedisEndpoint { get }
    /// Keys of different slots cannot meet in one command; nil where any keys can.
    func slot(of key: String) -> Int?
    /// Sends a command to the server that has the key; to any where none is given. The answer may be an error of the server.
    ///
    /// An idempotent command is sent again where its answer was lost. Throws what is known of a call without an answer.
    func call(_ command: [[UInt8]], key: String?, isIdempotent: Bool) async throws(Failure) -> RESPValue
    /// The keys of all servers that fit the pattern, each once.
    func scan(_ pattern: String) async throws(Failure) -> [String]
    func close() async
}
