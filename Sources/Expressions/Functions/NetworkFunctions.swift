/// The network extension: addresses and ranges of addresses. https://pkg.go.dev/github.com/google/cel-go/ext#Network
enum NetworkFunctions {
    static let all: [Function] = [
        .global("isIP", [.init([.string], .bool)], .one { (text, _) throws(Fault) in .bool(IPAddress(try text.asString()) != nil) }),
        .global("isCIDR", [.init([.string], .bool)], .one { (text, _) throws(Fault) in .bool(IPNetwork(try text.asString()) != nil) }),
        .global("ip", [.init([.string], .ip)], .one { (text, _) throws(Fault) in .ip(try address(text)) }),
        .global("cidr", [.init([.string], .cidr)], .one { (text, _) throws(Fault) in .cidr(try network(text)) }),
        .global(
            "ip.isCanonical", [.init([.string], .bool)],
            .one { (text, _) throws(Fault) in .bool(try address(text).text.hasSameScalars(as: try text.asString())) }),
        ofAddress("family", .int) { .int($0.isIPv4 ? 4 : 6) },
        ofAddress("isUnspecified", .bool) { .bool($0.isUnspecified) },
        ofAddress("isLoopback", .bool) { .bool($0.isLoopback) },
        ofAddress("isGlobalUnicast", .bool) { .bool($0.isGlobalUnicast) },
        ofAddress("isLinkLocalMulticast", .bool) { .bool($0.isLinkLocalMulticast) },
        ofAddress("isLinkLocalUnicast", .bool) { .bool($0.isLinkLocalUnicast) },
        ofNetwork("ip", .ip) { .ip($0.address) },
        ofNetwork("masked", .cidr) { .cidr($0.masked) },
        ofNetwork("prefixLength", .int) { .int(Int64($0.prefixLength)) },
        .member("containsIP", [.init([.cidr, .ip], .bool), .init([.cidr, .string], .bool)], .two(containsIP)),
        .member("containsCIDR", [.init([.cidr, .cidr], .bool), .init([.cidr, .string], .bool)], .two(containsCIDR)),
    ]

    private static func ofAddress(_ name: String, _ type: StaticType, _ part: @escaping @Sendable (IPAddress) -> CELValue) -> Function {
        .member(
            name, [.init([.ip], type)],
            .one { (value, _) throws(Fault) in
                guard case .ip(let address) = value else { throw .noOverload(name, value) }
                return part(address)
            })
    }

    private static func ofNetwork(_ name: String, _ type: StaticType, _ part: @escaping @Sendable (IPNetwork) -> CELValue) -> Function {
        .member(
            name, [.init([.cidr], type)],
            .one { (value, _) throws(Fault) in
                guard case .cidr(let network) = value else { throw .noOverload(name, value) }
                return part(network)
            })
    }

    @Sendable private static func containsIP(_ range: CELValue, _ other: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        guard case .cidr(let network) = range else { throw .noOverload("containsIP", range, other) }
        return .bool(network.contains(try address(other)))
    }

    @Sendable private static func containsCIDR(_ range: CELValue, _ other: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        guard case .cidr(let outer) = range else { throw .noOverload("containsCIDR", range, other) }
        return .bool(outer.contains(try network(other)))
    }

    /// An address, or a text that is one.
    private static func address(_ value: CELValue) throws(Fault) -> IPAddress {
        if case .ip(let address) = value { return address }
        guard let address = IPAddress(try value.asString()) else { throw .other("\(value.quoted) is no IP address") }
        return address
    }

    /// A range, or a text that is one.
    private static func network(_ value: CELValue) throws(Fault) -> IPNetwork {
        if case .cidr(let network) = value { return network }
        guard let network = IPNetwork(try value.asString()) else { throw .other("\(value.quoted) is no range of IP addresses (CIDR)") }
        return network
    }
}
