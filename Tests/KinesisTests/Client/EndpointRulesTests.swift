import Records
import Testing

@testable import Kinesis

@Suite("Endpoints")
struct EndpointRulesTests {
    private func rules(
        _ explicit: String? = nil, region: String = "eu-west-1", _ variables: [String: String] = [:], config: String = "",
        service: EndpointRules.Service = .kinesis
    ) throws -> EndpointRules {
        let environment = Environment.fake(variables, files: ["/c": config])
        var withFile = environment
        withFile.variables["AWS_CONFIG_FILE"] = "/c"
        return try EndpointRules(
            explicit: explicit, region: region, environment: withFile, profiles: Profiles(environment: withFile), service: service)
    }

    @Test(
        "AWS's own hosts, by region and by what the environment asks for",
        arguments: [
            ("us-east-1", [:], "kinesis.us-east-1.amazonaws.com"), ("cn-north-1", [:], "kinesis.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", [:], "kinesis.us-gov-west-1.amazonaws.com"), ("us-iso-east-1", [:], "kinesis.us-iso-east-1.c2s.ic.gov"),
            ("us-isob-east-1", [:], "kinesis.us-isob-east-1.sc2s.sgov.gov"),
            ("us-east-1", ["AWS_USE_FIPS_ENDPOINT": "true"], "kinesis-fips.us-east-1.amazonaws.com"),
            ("us-gov-west-1", ["AWS_USE_FIPS_ENDPOINT": "true"], "kinesis.us-gov-west-1.amazonaws.com"),
            ("us-east-1", ["AWS_USE_DUALSTACK_ENDPOINT": "true"], "kinesis.us-east-1.api.aws"),
            ("cn-north-1", ["AWS_USE_DUALSTACK_ENDPOINT": "TRUE"], "kinesis.cn-north-1.api.amazonwebservices.com.cn"),
            (
                "us-east-1", ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"], "kinesis-fips.us-east-1.api.aws"
            ),
            ("us-east-1", ["AWS_USE_FIPS_ENDPOINT": "false"], "kinesis.us-east-1.amazonaws.com"),
        ] as [(String, [String: String], String)])
    func regional(region: String, variables: [String: String], host: String) throws {
        #expect(try rules(region: region, variables).url(plane: .data, stream: .name("s")).text == "https://\(host)/")
    }

    @Test(
        "a stream by ARN is served by its account's host of the operation's plane",
        arguments: [
            (Kinesis.Operation.putRecords, "eu-west-1", "123456789012.data-kinesis.eu-west-1.amazonaws.com"),
            (.listShards, "eu-west-1", "123456789012.control-kinesis.eu-west-1.amazonaws.com"),
            (.createStream, "eu-west-1", "kinesis.eu-west-1.amazonaws.com"),
            (.getRecords, "cn-north-1", "123456789012.data-kinesis.cn-north-1.amazonaws.com.cn"),
            (.getRecords, "us-iso-east-1", "kinesis.us-iso-east-1.c2s.ic.gov"),
        ])
    func account(operation: Kinesis.Operation, region: String, host: String) throws {
        let partition = Partition(region: region).rawValue
        let stream = try #require(StreamIdentifier("arn:\(partition):kinesis:\(region):123456789012:stream/s"))
        let rules = try rules(region: region)
        #expect(rules.url(plane: operation.plane, stream: stream).host == host)
        #expect(rules.admits(stream))
        let own = try self.rules("http://127.0.0.1:4567", region: region)
        #expect(own.url(plane: operation.plane, stream: stream).text == "http://127.0.0.1:4567/")
    }

    private static let config = """
        [default]
        endpoint_url = http://profile
        services = local
        [services local]
        kinesis =
          endpoint_url = http://service
        """

    @Test(
        "a configured endpoint is the nearest one",
        arguments: [
            ("http://code", ["AWS_ENDPOINT_URL_KINESIS": "http://own", "AWS_ENDPOINT_URL": "http://all"], "http://code/"),
            (nil, ["AWS_ENDPOINT_URL_KINESIS": "http://own", "AWS_ENDPOINT_URL": "http://all"], "http://own/"),
            (nil, ["AWS_ENDPOINT_URL": "http://all"], "http://all/"), (nil, ["AWS_ENDPOINT_URL": ""], "http://service/"),
            (nil, [:], "http://service/"),
            (
                nil, ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://all"],
                "https://kinesis.eu-west-1.amazonaws.com/"
            ),
            ("http://code", ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "http://code/"),
        ] as [(String?, [String: String], String)])
    func precedence(explicit: String?, variables: [String: String], url: String) throws {
        #expect(try rules(explicit, variables, config: Self.config).url(plane: nil, stream: nil).text == url)
    }

    @Test("STS has endpoints of its own")
    func sts() throws {
        #expect(try rules(service: .sts).url(plane: nil, stream: nil).host == "sts.eu-west-1.amazonaws.com")
        let variables = ["AWS_ENDPOINT_URL_STS": "http://sts:1", "AWS_ENDPOINT_URL_KINESIS": "http://kinesis:1"]
        #expect(try rules(nil, variables, service: .sts).url(plane: nil, stream: nil).text == "http://sts:1/")
        #expect(try rules(config: Self.config, service: .sts).url(plane: nil, stream: nil).text == "http://profile/")
    }

    @Test("endpoints that cannot be, and those that contradict FIPS, are explained")
    func refused() {
        #expect { try rules("localhost:4567") } throws: { ($0 as? Failure)?.code == "aws_endpoint_invalid" }
        #expect { try rules("http://h", ["AWS_USE_FIPS_ENDPOINT": "true"]) } throws: { ($0 as? Failure)?.code == "aws_endpoint_conflict" }
    }
}

@Suite("Regions")
struct RegionTests {
    private func resolve(
        _ explicit: String? = nil, _ variables: [String: String] = [:], config: String = "", transport: FakeTransport = FakeTransport([])
    ) async throws -> String {
        var environment = Environment.fake(variables, files: ["/c": config])
        environment.variables["AWS_CONFIG_FILE"] = "/c"
        return try await Region.resolve(
            explicit: explicit, environment: environment, profiles: Profiles(environment: environment),
            metadata: InstanceMetadata(environment: environment, transport: transport))
    }

    @Test("the nearest statement of a region wins")
    func precedence() async throws {
        let config = "[default]\nregion = e-5\n[profile p]\nregion = f-6"
        let variables = ["AWS_REGION": "b-2", "AWS_DEFAULT_REGION": "c-3"]
        #expect(try await resolve("a-1", variables, config: config) == "a-1")
        #expect(try await resolve(nil, variables, config: config) == "b-2")
        #expect(try await resolve(nil, ["AWS_DEFAULT_REGION": "c-3"], config: config) == "c-3")
        #expect(try await resolve(config: config) == "e-5")
        #expect(try await resolve(nil, ["AWS_PROFILE": "p"], config: config) == "f-6")
        let transport = FakeTransport([.text("token"), .text("us-east-1a")])
        #expect(try await resolve(transport: transport) == "us-east-1")
        #expect(transport.lines.last == "GET http://169.254.169.254/latest/meta-data/placement/availability-zone")
    }

    @Test(
        "a zone names its region",
        arguments: [
            ("us-east-1a", "us-east-1"), ("us-west-2-lax-1a", "us-west-2"), ("us-gov-west-1b", "us-gov-west-1"),
            ("ap-southeast-4c", "ap-southeast-4"),
            ("zone", nil), ("", nil), ("eu-1", nil),
        ])
    func zones(zone: String, region: String?) {
        #expect(InstanceMetadata.region(ofZone: zone) == region)
    }

    @Test("without a region the error lists where it was looked for")
    func missing() async throws {
        await #expect {
            try await resolve()
        } throws: {
            guard let failure = $0 as? Failure, failure.code == "aws_region_missing" else { return false }
            return ["`region:`", "AWS_REGION", "AWS_DEFAULT_REGION", "profile \"default\"", "instance metadata"].allSatisfy(
                failure.message.contains)
        }
    }

    @Test("a region that would change the host name is refused", arguments: ["eu-west-1.evil.example", "a/b", "EU", " ", "a@b"])
    func refused(region: String) async {
        await #expect { try await resolve(region) } throws: { ($0 as? Failure)?.code == "aws_region_invalid" }
    }
}
