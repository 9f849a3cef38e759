#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An address of IPv4 or IPv6, as the network extension has it: no zones, and an IPv6 address that stands for one of IPv4 is that one.
struct IPAddress: Sendable, Hashable {
    /// The address as a number; of IPv4 its 32 bits.
    let bits: UInt128
    let isIPv4: Bool

    var width: Int { isIPv4 ? 32 : 128 }

    init(bits: UInt128, isIPv4: Bool) {
        self.bits = bits
        self.isIPv4 = isIPv4
    }

    /// Nil unless `text` is an address in the usual notation. One of IPv4 inside of one of IPv6 may not be written with dots.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        // The longest is eight groups of four digits with colons.
        guard bytes.count <= 39, !bytes.contains(0) else { return nil }
        let isIPv4 = !bytes.contains(UInt8(ascii: ":"))
        guard isIPv4 || !bytes.contains(UInt8(ascii: ".")) else { return nil }
        var octets = [UInt8](repeating: 0, count: 16)
        guard inet_pton(isIPv4 ? AF_INET : AF_INET6, text, &octets) == 1 else { return nil }
        let bits = octets[..<(isIPv4 ? 4 : 16)].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let isMapped = !isIPv4 && bits >> 32 == 0xFFFF
        self.init(bits: isMapped ? bits & 0xFFFF_FFFF : bits, isIPv4: isIPv4 || isMapped)
    }

    /// The canonical notation, of IPv6 that of RFC 5952, section 4.
    var text: String {
        guard !isIPv4 else { return [24, 16, 8, 0].map { String(bits >> $0 & 0xFF) }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
        guard let zeros = Self.longestZeros(groups) else { return Self.text(groups[...]) }
        return "\(Self.text(groups[..<zeros.lowerBound]))::\(Self.text(groups[zeros.upperBound...]))"
    }

    private static func text(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of two zeros or more.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start >= 2, end - start > best?.count ?? 0 { best = start..<end }
            start = end + 1
        }
        return best
    }

    /// The address with all bits after the first `length` cleared.
    func masked(to length: Int) -> IPAddress {
        let host = width - length
        return IPAddress(bits: host >= 128 ? 0 : (bits >> UInt128(host)) << UInt128(host), isIPv4: isIPv4)
    }

    var isUnspecified: Bool { bits == 0 }
    /// RFC 1122 (127.0.0.0/8) and RFC 4291 (::1).
    var isLoopback: Bool { isIPv4 ? bits >> 24 == 127 : bits == 1 }
    /// RFC 5771 (224.0.0.0/4) and RFC 4291 (ff00::/8).
    var isMulticast: Bool { isIPv4 ? bits >> 28 == 0xE : bits >> 120 == 0xFF }
    /// RFC 5771 (224.0.0.0/24) and RFC 4291 (ff02::/16, whatever the flags).
    var isLinkLocalMulticast: Bool { isIPv4 ? bits >> 8 == 0xE00000 : bits >> 112 & 0xFF0F == 0xFF02 }
    /// RFC 3927 (169.254.0.0/16) and RFC 4291 (fe80::/10).
    var isLinkLocalUnicast: Bool { isIPv4 ? bits >> 16 == 0xA9FE : bits >> 118 == 0x3FA }
    /// Private addresses are among them.
    var isGlobalUnicast: Bool {
        let isBroadcast = isIPv4 && bits == 0xFFFF_FFFF
        return !isUnspecified && !isBroadcast && !isLoopback && !isMulticast && !isLinkLocalUnicast
    }
}

/// A range of addresses: `192.168.0.0/24`. It keeps the bits of its address that are outside of the range.
struct IPNetwork: Sendable, Hashable {
    let address: IPAddress
    let prefixLength: Int

    init(address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// Nil unless `text` is an address, a slash and a length that fits it.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])), parts[1].utf8.allSatisfy(\.isDigit),
            let length = Int(parts[1]), length <= address.width, parts[1].utf8.count == 1 || parts[1].utf8.first != UInt8(ascii: "0"),
            // An IPv6 notation of an IPv4 address would need a length of the other width.
            !(address.isIPv4 && parts[0].contains(":"))
        else { return nil }
        self.init(address: address, prefixLength: length)
    }

    var text: String { "\(address.text)/\(prefixLength)" }

    var masked: IPNetwork { IPNetwork(address: address.masked(to: prefixLength), prefixLength: prefixLength) }

    func contains(_ other: IPAddress) -> Bool {
        other.isIPv4 == address.isIPv4 && other.masked(to: prefixLength) == address.masked(to: prefixLength)
    }

    func contains(_ other: IPNetwork) -> Bool {
        prefixLength <= other.prefixLength && contains(other.address)
    }
}
