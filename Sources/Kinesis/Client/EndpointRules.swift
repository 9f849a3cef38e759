import Records

/// Which server a call goes to: the one that is configured, else AWS's own by the endpoint rules of the API model.
struct EndpointRules: Sendable {
    enum Service: String, Sendable {
        case kinesis, sts

        var variable: String { "AWS_ENDPOINT_URL_\(rawValue.uppercased())" }
    }

    private let service: Service
    private let region: String
    private let partition: Partition
    private let custom: EndpointURL?
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    init(
        explicit: String?, region: String, environment: Environment, profiles: Profiles, service: Service
    ) throws(Failure) {
        self.service = service
        self.region = region
        partition = Partition(region: region)
        let profile = profiles.active
        usesFIPS = (environment["AWS_USE_FIPS_ENDPOINT"] ?? profile?["use_fips_endpoint"])?.lowercased() == "true"
        usesDualStack = (environment["AWS_USE_DUALSTACK_ENDPOINT"] ?? profile?["use_dualstack_endpoint"])?.lowercased() == "true"

        guard let (text, origin) = Self.configured(explicit, environment, profiles, service) else {
            custom = nil
            return
        }
        guard let url = EndpointURL(text) else {
            throw Failure(
                "aws_endpoint_invalid", "the endpoint from \(origin) is not a URL with http or https",
                hint: "For example https://kinesis.eu-west-1.amazonaws.com or http://127.0.0.1:4567.")
        }
        guard !usesFIPS, !usesDualStack else {
            throw Failure(
                "aws_endpoint_conflict", "an endpoint of its own (\(origin)) cannot be combined with FIPS or dual-stack endpoints",
                hint: "Take back AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT, or the endpoint.")
        }
        custom = url
    }

    /// - Parameters:
    ///   - plane: Which of an account's two hosts; nil for operations that have none.
    ///   - stream: A stream by ARN is served by its account's hosts.
    func url(plane: Operation.Plane?, stream: StreamIdentifier?) -> EndpointURL {
        if let custom { return custom }
        let suffix = usesDualStack ? partition.dualStackSuffix : partition.suffix
        let fips = usesFIPS ? "-fips" : ""
        let host: String
        if service == .kinesis, let plane, case .arn(let arn)? = stream, partition.hasAccountHosts {
            host = "\(arn.account).\(plane.rawValue)-kinesis\(fips).\(region).\(suffix)"
        } else if usesFIPS, !usesDualStack, partition == .usGov {
            // The plain hosts of GovCloud are the FIPS ones.
            host = "\(service.rawValue).\(region).\(suffix)"
        } else {
            host = "\(service.rawValue)\(fips).\(region).\(suffix)"
        }
        return EndpointURL(https: host)
    }

    /// Whether calls go to AWS itself, be it through a private endpoint (`vpce-….kinesis.eu-west-1.vpce.amazonaws.com`).
    var areOfAWS: Bool {
        guard let custom else { return true }
        return [partition.suffix, partition.dualStackSuffix].contains { custom.host.hasSuffix(".\($0)") }
    }

    /// The partition of the client's region must be the stream's: there is no way between them.
    func admits(_ stream: StreamIdentifier?) -> Bool {
        guard custom == nil, case .arn(let arn)? = stream else { return true }
        return arn.partition == partition.rawValue
    }

    private static func configured(
        _ explicit: String?, _ environment: Environment, _ profiles: Profiles, _ service: Service
    ) -> (text: String, origin: String)? {
        if let explicit { return (explicit, "`endpoint:`") }
        let profile = profiles.active
        let ignored = environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] ?? profile?["ignore_configured_endpoint_urls"]
        if ignored?.lowercased() == "true" { return nil }
        for variable in [service.variable, "AWS_ENDPOINT_URL"] {
            if let url = environment[variable] { return (url, variable) }
        }
        let origin = "endpoint_url of the profile \"\(profiles.activeName)\""
        return (profiles.serviceEndpoint(service.rawValue) ?? profile?["endpoint_url"]).map { ($0, origin) }
    }
}

/// A part of AWS with accounts and host names of its own (botocore's `partitions.json`).
enum Partition: String, Sendable {
    case aws
    case china = "aws-cn"
    case usGov = "aws-us-gov"
    case iso = "aws-iso"
    case isoB = "aws-iso-b"
    case isoE = "aws-iso-e"
    case isoF = "aws-iso-f"
    case european = "aws-eusc"

    init(region: String) {
        let prefixes: [(String, Partition)] = [
            ("cn-", .china), ("us-gov-", .usGov), ("us-iso-", .iso), ("us-isob-", .isoB), ("eu-isoe-", .isoE), ("us-isof-", .isoF),
            ("eusc-", .european),
        ]
        self = prefixes.first { region.hasPrefix($0.0) }?.1 ?? .aws
    }

    var suffix: String {
        switch self {
        case .aws, .usGov: "amazonaws.com"
        case .china: "amazonaws.com.cn"
        case .iso: "c2s.ic.gov"
        case .isoB: "sc2s.sgov.gov"
        case .isoE: "cloud.adc-e.uk"
        case .isoF: "csp.hci.ic.gov"
        case .european: "amazonaws.eu"
        }
    }

    var dualStackSuffix: String {
        switch self {
        case .aws, .usGov: "api.aws"
        case .china: "api.amazonwebservices.com.cn"
        case .european: "api.amazonwebservices.eu"
        case .iso, .isoB, .isoE, .isoF: suffix
        }
    }

    /// Streams by ARN have hosts of their account there.
    var hasAccountHosts: Bool { self != .iso && self != .isoB }
}
