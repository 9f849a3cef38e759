/// The rules of the service for the keys of a record.
public enum RecordKeys {
    /// Throws `partitionKeyLength` or `explicitHashKey` where the service would refuse the record.
    public static func check(partitionKey: String?, explicitHashKey: String?) throws(ProducerError) {
        if let partitionKey { try check(partitionKey: partitionKey) }
        if let explicitHashKey { _ = try point(explicitHashKey: explicitHashKey) }
    }

    static func check(partitionKey: String) throws(ProducerError) {
        // A scalar has at most four bytes: most keys need no counting.
        guard partitionKey.isEmpty || partitionKey.utf8.count > 256 else { return }
        let count = partitionKey.unicodeScalars.count
        guard (1...256).contains(count) else { throw .partitionKeyLength(count) }
    }

    static func point(explicitHashKey text: String) throws(ProducerError) -> HashKey {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let key = HashKey(text) else { throw .explicitHashKey(text) }
        return key
    }
}
