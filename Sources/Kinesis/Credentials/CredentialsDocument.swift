import JSON
import Records

/// Credentials as JSON: what containers, instances and credential processes answer with.
enum CredentialsDocument {
    /// - Parameter tokenName: `Token` from metadata services, `SessionToken` from credential processes.
    static func parse(_ bytes: [UInt8], tokenName: String, source: String) throws(CredentialsError) -> Credentials {
        let fields = try object(bytes, source: source)
        do {
            // Metadata services tell failures in a reply that looks like success.
            if let code = try fields.optionalString("Code"), code != "Success" { throw MalformedReply("it answered \(code)") }
            let key = StaticCredentials(
                accessKeyID: try fields.string("AccessKeyId"), secretAccessKey: try fields.string("SecretAccessKey"),
                sessionToken: try fields.optionalString(tokenName))
            guard let expiration = try fields.optionalString("Expiration") else { return Credentials(key: key, source: source) }
            guard let time = CalendarTime(rfc3339: expiration) else { throw MalformedReply("Expiration is not a time") }
            return Credentials(key: key, expiresAt: time.secondsSince1970, source: source)
        } catch {
            throw .broken(source, (error as? MalformedReply)?.reason ?? "the reply cannot be read")
        }
    }

    static func object(_ bytes: [UInt8], source: String) throws(CredentialsError) -> Fields {
        guard let value = try? JSON.parse(bytes), let fields = try? Fields(value) else {
            throw .broken(source, "the reply is no JSON object")
        }
        return fields
    }
}
