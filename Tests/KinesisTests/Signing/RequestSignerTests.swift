import Foundation
import NIOCore
import Testing

@testable import Kinesis

@Suite("Signature Version 4")
struct RequestSignerTests {
    private static let body = #"{"StreamName":"s","Records":[{"Data":"aGVsbG8=","PartitionKey":"pk-a"}]}"#

    @Test(
        "a PutRecords request has the signature that botocore gives it",
        arguments: [
            (String?.none, "b954f1cd91d99ec4a0a403c8b5ee0db79801c44dbe65ec4cdb2cd5862cd66186"),
            ("TOKEN/abc+def==", "be6df4d051500befaec458f15ce0ab7184881e74c11ff8de1fb132d0cd6bee4a"),
        ])
    func golden(token: String?, signature: String) throws {
        var key = testKey
        key.sessionToken = token
        let url = try #require(EndpointURL("https://kinesis.us-east-1.amazonaws.com"))
        let signed = RequestSigner(region: "us-east-1", service: "kinesis").sign(
            method: "POST", url: url,
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", "Kinesis_20131202.PutRecords"), ("User-Agent", "anything"),
            ],
            body: ByteBuffer(string: Self.body), credentials: key, at: CalendarTime(secondsSince1970: Environment.testTime))
        let authorization = try #require(signed.headers.last)
        #expect(authorization.name == "Authorization")
        #expect(authorization.value.hasSuffix("Signature=\(signature)"))
        #expect(!signed.canonicalRequest.signedHeaders.contains("user-agent"))
    }

    @Test("a new secret, day or region is never signed with the key of the one before")
    func keyCache() {
        let cache = SigningKeyCache()
        let scopes = [
            ("a", SigningScope(date: "20260101", region: "r", service: "s")),
            ("b", SigningScope(date: "20260101", region: "r", service: "s")),
            ("b", SigningScope(date: "20260102", region: "r", service: "s")),
            ("b", SigningScope(date: "20260102", region: "q", service: "s")),
            ("b", SigningScope(date: "20260102", region: "q", service: "t")),
            ("a", SigningScope(date: "20260101", region: "r", service: "s")),
        ]
        let cached = scopes.map { cache.key(secret: $0.0, scope: $0.1).signature(of: "x") }
        let derived = scopes.map { secret, scope in
            SigningKey(secret: secret, date: scope.date, region: scope.region, service: scope.service).signature(of: "x")
        }
        #expect(cached == derived)
        #expect(Set(cached).count == 5)
    }

    @Test(
        "published vectors agree at each step",
        .enabled(if: ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"] != nil))
    func vectors() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["KINESIS_AGENT_CONFORMANCE"])
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var count = 0
        for part in ["public", "heldout"] {
            guard let text = try? String(contentsOfFile: "\(folder)/sigv4/\(part)/kinesis.jsonl", encoding: .utf8) else { continue }
            for line in text.split(separator: "\n") {
                try check(try decoder.decode(Vector.self, from: Data(line.utf8)))
                count += 1
            }
        }
        #expect(count >= 20)
    }

    private func check(_ vector: Vector) throws {
        let url = try #require(EndpointURL(vector.url), "\(vector.name)")
        let time = try #require(CalendarTime(basic: vector.amzDate))
        let signed = RequestSigner(region: vector.region, service: vector.service).sign(
            method: vector.method, url: url, headers: vector.headers.map { ($0.key, $0.value) },
            body: ByteBuffer(bytes: try #require(Data(base64Encoded: vector.bodyB64))),
            credentials: StaticCredentials(
                accessKeyID: vector.accessKey, secretAccessKey: vector.secretKey, sessionToken: vector.sessionToken), at: time)
        #expect(url.authority == vector.host, "\(vector.name)")
        #expect(signed.canonicalRequest.text == vector.canonicalRequest, "\(vector.name)")
        #expect(signed.stringToSign == vector.stringToSign, "\(vector.name)")
        #expect(signed.headers.last?.value == vector.authorization, "\(vector.name)")
    }

    private struct Vector: Decodable {
        var name, service, region, accessKey, secretKey, amzDate, method, url, host, bodyB64: String
        var sessionToken: String?
        var headers: [String: String]
        var canonicalRequest, stringToSign, authorization: String
    }
}

extension CalendarTime {
    /// `20260102T030405Z`.
    fileprivate init?(basic text: String) {
        let digits = Array(text)
        func part(_ range: Range<Int>) -> String { String(digits[range]) }
        self.init(
            rfc3339: "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}
