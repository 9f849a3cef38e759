/// What tags may be (Amazon Kinesis Data Streams Developer Guide, "Tag restrictions").
enum TagRules {
    /// Throws InvalidArgumentException.
    static func check(adding new: [String: String], to present: [String: String], of resource: String) throws(ServiceError) {
        for (key, value) in new {
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .invalidArgument("Tag keys must not begin with aws:, which is reserved. Key: \(key)")
            }
            guard (key + value).unicodeScalars.allSatisfy(isAllowed) else {
                throw .invalidArgument(
                    "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.")
            }
        }
        guard present.count + new.keys.count(where: { present[$0] == nil }) <= Limits.tagsPerResource else {
            throw .invalidArgument(
                "Failed to add tags to \(resource): a resource cannot have more than \(Limits.tagsPerResource) tags associated with it.")
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil || properties.isWhitespace
            || "_./=+-%@:".unicodeScalars.contains(scalar)
    }
}
