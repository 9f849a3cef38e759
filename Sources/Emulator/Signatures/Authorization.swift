/// The Authorization header of Signature Version 4 (AWS IAM User Guide, "Elements of an AWS API request signature").
struct Authorization: Sendable, Hashable {
    static let algorithm = "AWS4-HMAC-SHA256"

    var accessKey: String
    /// `20260102`.
    var date: String
    var region: String
    var service: String
    /// In lower case, sorted.
    var signedHeaders: [String]
    var signature: String

    /// Throws IncompleteSignatureException, which names what is missing.
    init(_ header: String) throws(ServiceError) {
        guard header.hasPrefix(Self.algorithm + " ") else {
            throw .incompleteSignature("Unsupported AWS 'algorithm': '\(header.prefix { $0 != " " })'.")
        }
        var parts: [String: String] = [:]
        for part in header.dropFirst(Self.algorithm.count + 1).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else {
                throw .incompleteSignature("'\(part)' not a valid key=value pair (missing equal-sign) in Authorization header.")
            }
            parts[String(pair[0])] = String(pair[1].prefix { $0 != " " })
        }
        let missing = ["Credential", "Signature", "SignedHeaders"].filter { parts[$0] == nil }
        guard missing.isEmpty, let credential = parts["Credential"], let signature = parts["Signature"],
            let signedHeaders = parts["SignedHeaders"]
        else {
            throw .incompleteSignature(missing.map { "Authorization header requires '\($0)' parameter." }.joined(separator: " "))
        }
        // An access key has no slash.
        let scope = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard scope.count == 5, scope[4] == "aws4_request" else {
            throw .incompleteSignature("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.")
        }
        accessKey = scope[0]
        date = scope[1]
        region = scope[2]
        service = scope[3]
        self.signedHeaders = signedHeaders.split(separator: ";").map { $0.lowercased() }
        self.signature = signature
    }

    var scope: String { "\(date)/\(region)/\(service)/aws4_request" }
}

extension ServiceError {
    static let missingAuthentication = ServiceError(code: "MissingAuthenticationTokenException", message: "Missing Authentication Token")

    static func incompleteSignature(_ message: String) -> ServiceError {
        ServiceError(code: "IncompleteSignatureException", message: message)
    }

    static func invalidSignature(_ message: String) -> ServiceError {
        ServiceError(code: "InvalidSignatureException", message: message)
    }

    static let unrecognizedClient = ServiceError(
        code: "UnrecognizedClientException", message: "The security token included in the request is invalid.")
}
