import Synchronization
import Testing

@testable import Kinesis

@Suite("Metadata services")
struct MetadataServicesTests {
    private static let document = #"{"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-02T09:04:05Z"}"#

    private func instance(_ variables: [String: String] = [:], _ transport: FakeTransport) async throws -> CredentialOutcome {
        try await InstanceCredentials(metadata: InstanceMetadata(environment: .fake(variables), transport: transport)).load()
    }

    @Test("an instance is asked with a token for its role, then for the role's credentials")
    func version2() async throws {
        let transport = FakeTransport([.text("tok"), .text("my-role"), .text(Self.document)])
        guard case .found(let credentials) = try await instance([:], transport) else {
            Issue.record("no credentials")
            return
        }
        #expect(credentials.key.sessionToken == "t" && credentials.expiresAt == Environment.testTime + 6 * 3600)
        #expect(
            transport.lines == [
                "PUT http://169.254.169.254/latest/api/token", "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role",
            ])
        #expect(transport.requests[0].header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
        #expect(transport.requests[1...].allSatisfy { $0.header("x-aws-ec2-metadata-token") == "tok" })
        #expect(transport.requests.allSatisfy { $0.timeout == .seconds(1) })
    }

    @Test("a service without tokens is asked as version 1, unless that is switched off")
    func version1() async throws {
        let transport = FakeTransport([.text("", status: 404), .text("r"), .text(Self.document)])
        guard case .found = try await instance([:], transport) else {
            Issue.record("no credentials")
            return
        }
        #expect(transport.requests[1].header("x-aws-ec2-metadata-token") == nil)
        let strict = FakeTransport([.text("", status: 404)])
        guard case .notConfigured = try await instance(["AWS_EC2_METADATA_V1_DISABLED": "true"], strict) else {
            Issue.record("version 1 was used")
            return
        }
    }

    @Test(
        "variables move, slow down or switch off the service",
        arguments: [
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/"], "PUT http://127.0.0.1:1338/latest/api/token", 1),
            (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "PUT http://[fd00:ec2::254]/latest/api/token", 1),
            (["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"], "PUT http://169.254.169.254/latest/api/token", 3),
            (["AWS_EC2_METADATA_DISABLED": "true"], nil, 0),
        ] as [([String: String], String?, Int)])
    func variables(variables: [String: String], line: String?, count: Int) async throws {
        let transport = FakeTransport { _, _ in throw TransportError.timeout }
        guard case .notConfigured = try await instance(variables, transport) else {
            Issue.record("credentials out of nowhere")
            return
        }
        #expect(transport.lines.first == line && transport.lines.count == count)
    }

    @Test("an instance without a role is nothing to stop at; a role without credentials is")
    func roles() async throws {
        #expect(try await instance([:], FakeTransport([.text("t"), .text("", status: 404)])) == .notConfigured("the instance has no role"))
        await #expect(throws: CredentialsError.self) {
            try await instance([:], FakeTransport([.text("t"), .text("r"), .text("", status: 404)]))
        }
        await #expect(throws: CredentialsError.self) { try await instance([:], FakeTransport([.text("t"), .text("r"), .text("{}")])) }
        let refused = FakeTransport([.text("t"), .text("r"), .text(#"{"Code":"AssumeRoleUnauthorizedAccess"}"#)])
        await #expect { try await instance([:], refused) } throws: { String(describing: $0).contains("AssumeRoleUnauthorizedAccess") }
    }

    private func container(_ variables: [String: String], _ transport: FakeTransport, files: [String: String] = [:]) async throws {
        _ = try await ContainerCredentials(environment: .fake(variables, files: files), transport: transport).load()
    }

    @Test(
        "containers are asked in the clear only on hosts that never leave the machine",
        arguments: [
            ("http://127.0.0.1/c", true), ("http://localhost:51679/c", true), ("http://[::1]/c", true), ("http://169.254.170.2/c", true),
            ("http://169.254.170.23/v1/credentials", true), ("http://[fd00:ec2::23]/v1/credentials", true), ("https://example.com/c", true),
            ("http://example.com/c", false), ("http://169.254.169.254/c", false), ("http://127.evil.example/c", false),
            ("http://localhost.evil.example/c", false), ("ftp://127.0.0.1/c", false),
        ])
    func hosts(url: String, isAllowed: Bool) async {
        let transport = FakeTransport([.text(Self.document)])
        let result = await Result { try await container(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], transport) }
        #expect(((try? result.get()) != nil) == isAllowed)
        #expect(transport.lines == (isAllowed ? ["GET \(url)"] : []))
    }

    @Test("the token file is read anew for each request and comes before the token itself")
    func tokenFile() async throws {
        var environment = Environment.fake([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/c", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "old",
        ])
        let box = Counter()
        environment.readFile = { path in path == "/t" ? Array("token-\(box.next())\n".utf8) : nil }
        let transport = FakeTransport { _, _ in .text(Self.document) }
        let source = ContainerCredentials(environment: environment, transport: transport)
        _ = try await source.load()
        _ = try await source.load()
        #expect(transport.requests.map { $0.header("authorization") } == ["token-1", "token-2"])
    }

    @Test("a container's failures are tried three times; a token that would forge headers is refused")
    func failures() async throws {
        let uri = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
        let flaky = FakeTransport([.text("", status: 500), .text("", status: 503), .text(Self.document)])
        try await container(uri, flaky)
        #expect(flaky.lines == Array(repeating: "GET http://169.254.170.2/c", count: 3))
        let forged = uri.merging(["AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nHost: evil"]) { $1 }
        await #expect(throws: CredentialsError.self) { try await container(forged, FakeTransport([.text(Self.document)])) }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
