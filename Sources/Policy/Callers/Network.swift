import Glibc

/// An IPv4 or IPv6 address as 16 bytes, IPv4 in its mapped form (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2), so that a
/// dual-stack socket's peer and a plain IPv4 rule compare equal.
package struct NetworkAddress: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    /// Whether it is this machine's address to itself, ::1 or one of 127.0.0.0/8.
    package var isLoopback: Bool { isIPv4 ? (low >> 24) & 0xFF == 127 : high == 0 && low == 1 }

    /// True for an IPv4 address in either spelling.
    var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// The address written as text, without brackets, port or zone; nil when it is not an address.
    package init?(_ text: String) {
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.high = 0
            self.low = 0xFFFF << 32 | UInt64(UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        (self.high, self.low) = withUnsafeBytes(of: &v6) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }
}

extension NetworkAddress {
    /// The address as text, in one spelling however it was written: IPv4 in its own form, IPv6 in that of RFC 5952.
    package var text: String {
        guard !isIPv4 else { return sourceNetwork }
        var (bytes, text) = ([high.bigEndian, low.bigEndian], [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN)))
        inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The network that counts as one sender, as text: an IPv4 address itself, or the /64 of an IPv6 address (RFC 4291 section 2.5.1) in the form of
    /// RFC 5952 (`2001:db8::/64`).
    package var sourceNetwork: String {
        if isIPv4 {
            let octets = stride(from: 24, through: 0, by: -8).map { String((low >> UInt64($0)) & 0xFF) }
            return octets.joined(separator: ".")
        }
        let groups = stride(from: 48, through: 0, by: -16).map { String((high >> UInt64($0)) & 0xFFFF, radix: 16) }
        // Zeros before the second half are one run with it, which is the longest.
        return groups.reversed().drop { $0 == "0" }.reversed().joined(separator: ":") + "::/64"
    }
}

/// A network in CIDR notation (RFC 4632, RFC 4291 section 2.3).
package struct Network: Sendable, Hashable {
    let prefix: NetworkAddress
    /// Significant leading bits of the 128-bit form, 0...128.
    let length: Int

    /// `10.0.0.0/8`, `fd00::/8`, or a single address without a length; nil when malformed or when host bits are set, because `10.0.0.7/8` is
    /// ambiguous.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetworkAddress(String(parts[0])) else { return nil }
        let family = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var length = family
        if parts.count == 2 {
            guard let written = Int(parts[1]), (0...family).contains(written), String(written) == parts[1] else { return nil }
            length = written
        }
        self.prefix = address
        self.length = family == 32 ? 96 + length : length
        guard Network.masked(address, to: self.length) == address.pair else { return nil }
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        Network.masked(address, to: length) == prefix.pair
    }

    static func masked(_ address: NetworkAddress, to length: Int) -> Pair {
        let high = length == 0 ? 0 : length >= 64 ? address.high : address.high & ~(UInt64.max >> UInt64(length))
        let low = length <= 64 ? 0 : length == 128 ? address.low : address.low & ~(UInt64.max >> UInt64(length - 64))
        return Pair(high: high, low: low)
    }
}

/// The two halves of 128 bits.
struct Pair: Hashable {
    let high: UInt64
    let low: UInt64
}

extension NetworkAddress {
    var pair: Pair { Pair(high: high, low: low) }
}
