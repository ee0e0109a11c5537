import Glibc

/// A numeric IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// Reads dotted-quad IPv4 or colon-hexadecimal IPv6 without a zone; nil for everything else, names included.
    package init?(text: String) {
        // inet_pton takes strict forms only: no octal, no missing parts, no zone (POSIX, RFC 4291 section 2.2).
        guard text.utf8.count <= Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
        let isVersion6 = text.utf8.contains(UInt8(ascii: ":"))
        var buffer = [UInt8](repeating: 0, count: isVersion6 ? 16 : 4)
        guard inet_pton(isVersion6 ? AF_INET6 : AF_INET, text, &buffer) == 1 else { return nil }
        bytes = buffer
    }

    init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address has 4 or 16 bytes")
        self.bytes = bytes
    }

    package var isVersion6: Bool { bytes.count == 16 }

    /// 127.0.0.0/8, ::1, and 127.0.0.0/8 mapped into IPv6 (RFC 4291 section 2.5.5.2).
    package var isLoopback: Bool {
        guard isVersion6 else { return bytes[0] == 127 }
        let zeros = bytes.prefix(10).allSatisfy { $0 == 0 }
        if zeros, bytes[10] == 0xff, bytes[11] == 0xff { return bytes[12] == 127 }
        return bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// 169.254.0.0/16 and fe80::/10.
    package var isLinkLocal: Bool {
        isVersion6 ? bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80 : bytes[0] == 169 && bytes[1] == 254
    }

    /// 0.0.0.0 or ::, every address of the machine.
    package var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical form (RFC 5952 for IPv6, as the C library writes it).
    package var description: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isVersion6 ? AF_INET6 : AF_INET
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
