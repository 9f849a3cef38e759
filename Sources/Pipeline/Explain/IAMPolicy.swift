import OrderedCollections
public import Records

/// The policy that pipelines need and no more (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html).
public struct IAMPolicy: Sendable {
    private let plans: [Plan]
    private let region: String?
    private let account: String?

    /// `region` and `account` stand in ARNs where the file does not say them; without either, `REGION` and `ACCOUNT` do.
    public init(_ plans: [Plan], region: String? = nil, account: String? = nil) {
        self.plans = plans
        self.region = region
        self.account = account
    }

    /// False where a name has to be put in by hand.
    public var isComplete: Bool {
        let resources = statements.flatMap(\.resources)
        return !resources.contains { $0.contains(":\(Self.unknownRegion):") || $0.contains(":\(Self.unknownAccount):") }
    }

    /// The policy document.
    public var value: Value {
        [
            "Version": "2012-10-17",
            "Statement": .list(
                statements.map { statement in
                    [
                        "Effect": "Allow", "Action": .list(statement.actions.map { .string($0) }),
                        "Resource": .list(statement.resources.map { .string($0) }),
                    ]
                }),
        ]
    }

    private static let unknownRegion = "REGION"
    private static let unknownAccount = "ACCOUNT"

    private struct Statement {
        var actions: OrderedSet<String>
        var resources: OrderedSet<String>
    }

    /// What is called on one stream is allowed on that stream; streams that need the same share a statement.
    private var statements: [Statement] {
        var actions: OrderedDictionary<String, OrderedSet<String>> = [:]
        for plan in plans {
            for use in Self.uses(of: plan) {
                let arn = arn(use, plan.aws)
                actions[arn, default: []].formUnion(use.actions.map { "kinesis:\($0)" })
                if !use.consumerActions.isEmpty {
                    actions["\(arn)/consumer/*", default: []].formUnion(use.consumerActions.map { "kinesis:\($0)" })
                }
            }
        }
        var statements: [Statement] = []
        for (resource, actions) in actions {
            if let index = statements.firstIndex(where: { Set($0.actions) == Set(actions) }) {
                statements[index].resources.append(resource)
            } else {
                statements.append(Statement(actions: actions, resources: [resource]))
            }
        }
        return statements
    }

    /// The embedded stream asks nobody.
    private static func uses(of plan: Plan) -> [StreamUse] {
        let components = plan.sources.map(\.component) + plan.sinks.map(\.component) + [plan.deadLetter].compactMap { $0 }
        return components.compactMap { $0.facts(pipeline: plan.name).stream }.filter { ($0.endpoint ?? plan.aws.endpoint) != .embedded }
    }

    private func arn(_ use: StreamUse, _ aws: AWSDefaults) -> String {
        if use.stream.hasPrefix("arn:") { return use.stream }
        let region = use.region ?? aws.region ?? self.region
        let partition = region.map { $0.hasPrefix("cn-") ? "aws-cn" : $0.hasPrefix("us-gov-") ? "aws-us-gov" : "aws" } ?? "aws"
        let role = aws.assumeRole?.split(separator: ":", omittingEmptySubsequences: false)
        let account = role.flatMap { $0.count > 4 ? String($0[4]) : nil } ?? account ?? Self.unknownAccount
        return "arn:\(partition):kinesis:\(region ?? Self.unknownRegion):\(account):stream/\(use.stream)"
    }
}
