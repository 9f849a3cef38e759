import Foundation
import Logging
import Records
import Testing

@testable import Kinesis

@Suite("Credential chain")
struct CredentialChainTests {
    private static let sts = """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
        <AccessKeyId>ASIASTS</AccessKeyId><SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>sts-token</SessionToken>
        <Expiration>2026-01-02T04:04:05Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
        """

    private static func document(_ key: String) -> String {
        #"{"AccessKeyId":"\#(key)","SecretAccessKey":"hidden","Token":"t","Expiration":"2026-01-02T09:04:05Z"}"#
    }

    /// STS, a container and an instance at once: each answers with keys that tell which it was.
    private static func everywhere() -> FakeTransport {
        FakeTransport { request, _ in
            switch (request.method, request.url.path) {
            case ("POST", _): .text(sts)
            case ("PUT", "/latest/api/token"): .text("imds-token")
            case ("GET", "/latest/meta-data/iam/security-credentials/"): .text("role-name\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/role-name"): .text(document("ASIAINSTANCE"))
            case ("GET", "/container"): .text(document("ASIACONTAINER"))
            default: .text("", status: 404)
            }
        }
    }

    private func load(
        _ variables: [String: String] = [:], config: String = "", credentials: String = "", files: [String: String] = [:],
        commands: [String: String] = [:], transport: FakeTransport = everywhere(),
        configure: (inout KinesisConfiguration) -> Void = { _ in }
    ) async throws -> Credentials {
        let paths = ["AWS_CONFIG_FILE": "/config", "AWS_SHARED_CREDENTIALS_FILE": "/credentials"]
        let environment = Environment.fake(
            variables.merging(paths) { own, _ in own },
            files: files.merging(["/config": config, "/credentials": credentials]) { own, _ in own },
            commands: commands)
        var configuration = KinesisConfiguration(region: "eu-west-1")
        configure(&configuration)
        let chain = try CredentialChain(
            configuration, region: "eu-west-1", environment: environment,
            profiles: Profiles(environment: environment, named: configuration.profile),
            metadata: InstanceMetadata(environment: environment, transport: transport), transport: transport)
        return try await chain.credentials()
    }

    private static let environmentKeys = ["AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "s"]
    private static let webIdentity = ["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r"]
    private static let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/container"]
    private static let keys = "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s"
    private static let role = "[default]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Ec2InstanceMetadata"

    @Test("the first source that is configured wins, in botocore's order")
    func precedence() async throws {
        let all = Self.environmentKeys.merging(Self.webIdentity) { $1 }.merging(Self.container) { $1 }
        var rest = all
        let token = ["/token": "jwt"]
        let explicit = try await load(all, credentials: Self.keys, files: token) { $0.credentials = testKey }
        #expect(explicit.key == testKey)
        #expect(try await load(all, config: Self.role, credentials: Self.keys, files: token).key.accessKeyID == "AKIAENV")

        for name in Self.environmentKeys.keys { rest[name] = nil }
        let transport = Self.everywhere()
        let assumed = try await load(rest, config: Self.role, credentials: Self.keys, files: token, transport: transport)
        #expect(assumed.key.accessKeyID == "ASIASTS" && assumed.source.contains("profile"))
        #expect(transport.requests.last?.text.contains("Action=AssumeRole&") == true)

        let web = try await load(rest, credentials: Self.keys, files: token)
        #expect(web.key.accessKeyID == "ASIASTS" && web.source == "web identity")
        for name in Self.webIdentity.keys { rest[name] = nil }
        #expect(try await load(rest, credentials: Self.keys).key.accessKeyID == "AKIAPROFILE")
        #expect(try await load(rest).key.accessKeyID == "ASIACONTAINER")
        #expect(try await load().key.accessKeyID == "ASIAINSTANCE")
    }

    @Test("a profile that the pipeline names passes over the environment; one of AWS_PROFILE does not")
    func namedProfile() async throws {
        let files = "[p]\naws_access_key_id = AKIAP\naws_secret_access_key = s"
        #expect(try await load(Self.environmentKeys, credentials: files) { $0.profile = "p" }.key.accessKeyID == "AKIAP")
        let variables = Self.environmentKeys.merging(["AWS_PROFILE": "p"]) { $1 }
        #expect(try await load(variables, credentials: files).key.accessKeyID == "AKIAENV")
        await #expect { try await load { $0.profile = "missing" } } throws: { ($0 as? Failure)?.code == "aws_profile_not_found" }
    }

    @Test("nothing found: one error that lists what was tried, and no secret")
    func nothing() async throws {
        let transport = FakeTransport { _, _ in throw TransportError.timeout }
        await #expect {
            try await load(transport: transport)
        } throws: {
            let text = String(describing: $0)
            return text.hasPrefix("no AWS credentials were found")
                && [
                    "AWS_ACCESS_KEY_ID is not set", "profile", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS",
                    "169.254.169.254",
                ]
                .allSatisfy(text.contains)
        }
    }

    @Test(
        "a source that is configured and broken stops the chain: no other identity takes over",
        arguments: [
            (["AWS_ACCESS_KEY_ID": "a"], "", "AWS_SECRET_ACCESS_KEY is not"),
            (["AWS_WEB_IDENTITY_TOKEN_FILE": "/none", "AWS_ROLE_ARN": "r"], "", "/none cannot be read"),
            (["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], "", "AWS_ROLE_ARN is not"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/c"], "", "neither https nor"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1.evil.example/c"], "", "neither https nor"),
            (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/absent"], "", "HTTP status 404"),
            ([:], "[default]\nrole_arn = r", "needs a source_profile"),
            ([:], "[default]\nrole_arn = r\nsource_profile = x", "no source_profile"),
            ([:], "[default]\nrole_arn = r\nsource_profile = x\ncredential_source = Environment", "exclude each other"),
            ([:], "[default]\nrole_arn = r\ncredential_source = Elsewhere", "credential_source is not"),
            ([:], "[default]\nrole_arn = r\nmfa_serial = m\nsource_profile = default", "mfa_serial"),
            (
                [:],
                "[default]\nrole_arn = r\nsource_profile = a\n[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn=r\nsource_profile=a",
                "leads back"
            ),
            ([:], "[default]\naws_access_key_id = a", "aws_secret_access_key is missing"),
            ([:], "[default]\nsso_session = s", "Identity Center"), ([:], "[default]\ncredential_process = nothing", "exit status 127"),
        ] as [([String: String], String, String)])
    func broken(variables: [String: String], config: String, reason: String) async {
        await #expect {
            try await load(variables, config: config)
        } throws: {
            String(describing: $0).contains(reason)
        }
    }

    @Test("a role is assumed with the keys of its source profile, signed for STS")
    func sourceProfile() async throws {
        let config = """
            [profile deploy]
            role_arn = arn:aws:iam::123456789012:role/writer
            source_profile = base
            external_id = a b&c
            role_session_name = session
            duration_seconds = 900
            """
        let transport = Self.everywhere()
        let found = try await load(
            config: config, credentials: "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s", transport: transport
        ) { $0.profile = "deploy" }
        #expect(found.key == StaticCredentials(accessKeyID: "ASIASTS", secretAccessKey: "sts-secret", sessionToken: "sts-token"))
        #expect(found.expiresAt == Environment.testTime + 3600)
        let request = try #require(transport.requests.first)
        #expect(request.url.text == "https://sts.eu-west-1.amazonaws.com/")
        #expect(
            request.text
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fwriter&RoleSessionName=session"
                + "&DurationSeconds=900&ExternalId=a%20b%26c")
        #expect(request.header("authorization")?.contains("Credential=AKIABASE/20260102/eu-west-1/sts/aws4_request") == true)
    }

    @Test("roles lead through other roles, and a profile may be its own source")
    func chainedRoles() async throws {
        let config = """
            [default]
            role_arn = outer
            source_profile = middle
            [profile middle]
            role_arn = inner
            source_profile = middle
            aws_access_key_id = AKIAMIDDLE
            aws_secret_access_key = s
            """
        let transport = Self.everywhere()
        _ = try await load(config: config, transport: transport)
        #expect(transport.requests.map { $0.text.contains("RoleArn=inner") } == [true, false])
        #expect(transport.requests.map { $0.header("authorization")?.contains("AKIAMIDDLE") } == [true, false])
    }

    @Test("assume_role assumes the role with whatever the chain finds")
    func assumeRole() async throws {
        let transport = Self.everywhere()
        let found = try await load(Self.environmentKeys, transport: transport) { $0.assumeRole = "arn:aws:iam::1:role/x" }
        #expect(found.key.accessKeyID == "ASIASTS")
        #expect(transport.requests.first?.header("authorization")?.contains("Credential=AKIAENV/") == true)
    }

    @Test("a web identity sends its token unsigned to the endpoint of AWS_ENDPOINT_URL_STS")
    func webIdentity() async throws {
        let transport = Self.everywhere()
        let variables = Self.webIdentity.merging(["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9/sts", "AWS_ROLE_SESSION_NAME": "pod"]) { $1 }
        _ = try await load(variables, files: ["/token": "jwt.a+b\n"], transport: transport)
        let request = try #require(transport.requests.first)
        #expect(request.url.text == "http://127.0.0.1:9/sts")
        #expect(request.header("authorization") == nil)
        #expect(request.text.hasPrefix("Action=AssumeRoleWithWebIdentity&") && request.text.hasSuffix("&WebIdentityToken=jwt.a%2Bb"))
        #expect(request.text.contains("RoleSessionName=pod"))
    }

    @Test("what STS refuses is told in its words")
    func refusedBySTS() async {
        let reply = """
            <ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not &amp; authorized</Message></Error></ErrorResponse>
            """
        let transport = FakeTransport { _, _ in .text(reply, status: 403) }
        await #expect {
            try await load(Self.environmentKeys, transport: transport) { $0.assumeRole = "r" }
        } throws: {
            String(describing: $0) == "role r: STS refused: AccessDenied: not & authorized"
        }
    }

    @Test("a credential process answers with version 1")
    func process() async throws {
        let answer =
            #"{"Version":1,"AccessKeyId":"ASIAPROCESS","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-01-02T05:00:00Z"}"#
        let config = "[default]\ncredential_process = tool --json"
        let found = try await load(config: config, commands: ["tool --json": answer])
        #expect(found.key.accessKeyID == "ASIAPROCESS" && found.key.sessionToken == "t" && found.expiresAt != nil)
        await #expect {
            try await load(config: config, commands: ["tool --json": #"{"Version":2,"AccessKeyId":"a","SecretAccessKey":"s"}"#])
        } throws: {
            String(describing: $0).contains("Version 1")
        }
    }

    @Test("keys of the credentials file come before the process, and it before keys of the configuration file")
    func withinProfile() async throws {
        let answer = #"{"Version":1,"AccessKeyId":"PROCESS","SecretAccessKey":"s"}"#
        let config = "[default]\naws_access_key_id = CONFIG\naws_secret_access_key = s\n"
        let process = "credential_process = tool\n"
        #expect(
            try await load(config: config + process, credentials: Self.keys, commands: ["tool": answer]).key.accessKeyID == "AKIAPROFILE")
        #expect(try await load(config: config + process, commands: ["tool": answer]).key.accessKeyID == "PROCESS")
        #expect(try await load(config: config).key.accessKeyID == "CONFIG")
    }

    @Test("no description of credentials holds a secret")
    func redaction() {
        let credentials = Credentials(
            key: StaticCredentials(accessKeyID: "AKIA", secretAccessKey: "hunter2", sessionToken: "opensesame"), source: "test")
        var dumped = ""
        dump(credentials, to: &dumped)
        dump(KinesisConfiguration(credentials: credentials.key), to: &dumped)
        for text in [dumped, "\(credentials)", String(reflecting: credentials), "\(credentials.key)"] {
            #expect(text.contains("AKIA"))
            #expect(!text.contains("hunter2") && !text.contains("opensesame"))
        }
    }
}
