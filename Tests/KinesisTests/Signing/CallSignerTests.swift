import NIOCore
import Testing
import Wire

@testable import Kinesis

@Suite("Signing calls")
struct CallSignerTests {
    private static let url = EndpointURL("https://kinesis.us-east-1.amazonaws.com")!

    private func expected(
        _ operation: Kinesis.Operation, _ url: EndpointURL, _ body: ByteBuffer, _ credentials: StaticCredentials, _ seconds: Int64
    ) -> [String] {
        RequestSigner(region: "us-east-1", service: "kinesis").sign(
            method: "POST", url: url,
            headers: [
                ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", operation.target), ("User-Agent", "kinesis-agent"),
            ],
            body: body, credentials: credentials, at: CalendarTime(secondsSince1970: seconds)
        ).headers.map { "\($0.name): \($0.value)" }
    }

    @Test("every call has the headers that signing it from scratch gives, whatever was signed before it")
    func same() throws {
        let signer = CallSigner(region: "us-east-1")
        var token = testKey
        token.sessionToken = "TOKEN/abc+def=="
        let odd = try #require(EndpointURL("http://127.0.0.1:4567/a%20b/x-amz-date:/"))
        for url in [Self.url, odd] {
            for operation in [Kinesis.Operation.getRecords, .putRecords, .getRecords] {
                for credentials in [testKey, token] {
                    for (day, second) in [(0, 0), (0, 1), (0, 86_399), (1, 86_400), (0, 5)] as [(Int64, Int64)] {
                        let time = Environment.testTime / 86_400 * 86_400 + day + second
                        let body = ByteBuffer(string: #"{"ShardIterator":"\#(second)"}"#)
                        let headers = signer.headers(
                            for: operation, url: url, body: HashedBody(body), as: .json, credentials: credentials, at: time)
                        #expect(
                            headers.map { "\($0.name): \($0.value)" } == expected(operation, url, body, credentials, time),
                            "\(operation) at \(time)")
                    }
                }
            }
        }
    }
}
