import NIOCore
import NIOHTTP1
import Testing

@testable import Emulator

@Suite("Signatures")
struct SignatureTests {
    private static let verifier = SignatureVerifier(accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    /// 2026-01-02T03:04:05Z.
    private static let signedAt: Int64 = 1_767_323_045_000
    private static let body = ByteBuffer(string: #"{"StreamName":"s","Records":[{"Data":"aGVsbG8=","PartitionKey":"pk-a"}]}"#)

    /// Signed by botocore.
    private static func head(token: String? = nil, signature: String) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")
        head.headers = [
            "Host": "kinesis.us-east-1.amazonaws.com", "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "Kinesis_20131202.PutRecords", "X-Amz-Date": "20260102T030405Z",
        ]
        if let token { head.headers.add(name: "X-Amz-Security-Token", value: token) }
        let names = "content-type;host;x-amz-date;\(token == nil ? "" : "x-amz-security-token;")x-amz-target"
        head.headers.add(
            name: "Authorization",
            value: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/kinesis/aws4_request, SignedHeaders=\(names), "
                + "Signature=\(signature)")
        return head
    }

    private static let plain = head(signature: "b954f1cd91d99ec4a0a403c8b5ee0db79801c44dbe65ec4cdb2cd5862cd66186")

    @Test("botocore's signatures hold, with a session token and without")
    func golden() throws {
        try Self.verifier.verify(Self.plain, body: Self.body, at: Self.signedAt)
        let token = Self.head(
            token: "TOKEN/abc+def==", signature: "be6df4d051500befaec458f15ce0ab7184881e74c11ff8de1fb132d0cd6bee4a")
        try Self.verifier.verify(token, body: Self.body, at: Self.signedAt)
    }

    @Test("A signature holds for five minutes either way", arguments: [-300, 0, 300])
    func age(seconds: Int64) throws {
        try Self.verifier.verify(Self.plain, body: Self.body, at: Self.signedAt + seconds * 1_000)
    }

    @Test("A signature that is older or from the future is refused", arguments: [(-301, "not yet current"), (301, "expired")])
    func expired(seconds: Int64, words: String) {
        let error = #expect(throws: ServiceError.self) {
            try Self.verifier.verify(Self.plain, body: Self.body, at: Self.signedAt + seconds * 1_000)
        }
        #expect(error?.code == "InvalidSignatureException")
        #expect(error?.message.contains(words) == true)
    }

    @Test(
        "Whatever was signed must be as it was",
        arguments: ["Host", "Content-Type", "X-Amz-Target"])
    func changed(header: String) {
        var head = Self.plain
        head.headers.replaceOrAdd(name: header, value: "other")
        #expect(throws: ServiceError.self) { try Self.verifier.verify(head, body: Self.body, at: Self.signedAt) }
    }

    @Test("Body, path, query and method are signed too")
    func changedRequest() {
        var heads = Array(repeating: Self.plain, count: 3)
        heads[0].uri = "/other"
        heads[1].uri = "/?a=b"
        heads[2].method = .PUT
        for head in heads {
            #expect(throws: ServiceError.self) { try Self.verifier.verify(head, body: Self.body, at: Self.signedAt) }
        }
        #expect(throws: ServiceError.self) { try Self.verifier.verify(Self.plain, body: ByteBuffer(string: "{}"), at: Self.signedAt) }
    }

    @Test(
        "Dates that are none have no moment",
        arguments: ["", "20260102", "20260102T030405", "20261302T030405Z", "2026010203:04:05Z", "+0260102T030405Z", "20260102T240000Z"])
    func dates(text: String) {
        #expect(UTCDate.milliseconds(basicText: text) == nil)
    }

    @Test("A moment's text has the moment", arguments: [0, 951_782_400_000, 951_868_799_000, 4_107_542_399_000, 1_767_323_045_000])
    func dateRoundTrip(milliseconds: Int64) {
        #expect(UTCDate.milliseconds(basicText: UTCDate(milliseconds: milliseconds).basicText) == milliseconds)
    }
}
