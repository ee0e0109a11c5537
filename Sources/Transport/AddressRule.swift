/// Which addresses a name may resolve to. An attacker who controls the name's DNS could otherwise direct signed requests to the metadata service of
/// this machine, or into its network (server-side request forgery).
package enum AddressRule: Sendable, Equatable {
    /// Every address: for endpoints that are known to be on this machine or link-local, such as the metadata service.
    case any
    /// No link-local address (such as those of metadata services) and no reserved one; private addresses and this machine's own only for the given
    /// hosts, or for all.
    case guarded(privateHosts: PrivateHosts)

    /// The hosts, in lower case, whose addresses may be private.
    package enum PrivateHosts: Sendable, Equatable {
        case all
        case only(Set<String>)
    }

    /// The rule for connections to one host.
    struct ForHost: Equatable {
        var allowsEverything = true
        var allowsPrivate = true

        func allows(_ reach: AddressReach) -> Bool {
            switch reach {
            case .world: true
            case .privateNetwork: allowsPrivate
            case .linkOrNobody: allowsEverything
            }
        }
    }

    /// Whether a connection for a host, in lower case, may be made to an address of 4 or 16 bytes.
    package func allows(_ address: [UInt8], for host: String) -> Bool { rule(for: host).allows(AddressReach(bytes: address)) }

    func rule(for host: String) -> ForHost {
        switch self {
        case .any: ForHost()
        case .guarded(.all): ForHost(allowsEverything: false, allowsPrivate: true)
        case .guarded(.only(let hosts)): ForHost(allowsEverything: false, allowsPrivate: hosts.contains(host))
        }
    }
}

/// The scope of an address, according to the registries of special-purpose addresses (RFC 6890, IANA).
enum AddressReach: Equatable {
    case world
    /// RFC 1918, RFC 4193, site-local, and this machine's own.
    case privateNetwork
    /// Link-local, multicast, reserved, unspecified, and addresses of metadata services elsewhere.
    case linkOrNobody

    /// - Parameter bytes: 4 of IPv4, 16 of IPv6; any other length is treated as reserved.
    init(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self = Self.version4(bytes)
        case 16: self = Self.version6(bytes)
        default: self = .linkOrNobody
        }
    }

    private static func version4(_ bytes: [UInt8]) -> AddressReach {
        switch (bytes[0], bytes[1]) {
        case (0, _), (169, 254), (224..., _): .linkOrNobody
        // The shared space of RFC 6598 is not private: the cloud's own resolvers give its services addresses there. One of them is a
        // metadata service.
        case (100, 100) where bytes[2] == 100 && bytes[3] == 200: .linkOrNobody
        // Protocol assignments, where two other clouds have services of the machine (RFC 6890, 192.0.0.192), and their agents' address.
        case (192, 0) where bytes[2] == 0: .linkOrNobody
        case (168, 63) where bytes[2] == 129 && bytes[3] == 16: .linkOrNobody
        // For measurements within a network (RFC 2544).
        case (198, 18...19): .privateNetwork
        case (10, _), (127, _), (172, 16...31), (192, 168): .privateNetwork
        default: .world
        }
    }

    private static func version6(_ bytes: [UInt8]) -> AddressReach {
        let leading = bytes.prefix(12)
        // IPv4 within IPv6 (RFC 4291) and behind NAT64 (RFC 6052) has the scope of the IPv4 address.
        if leading.dropLast(2).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF { return version4(Array(bytes[12...])) }
        if Array(leading) == [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] { return version4(Array(bytes[12...])) }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .privateNetwork : .linkOrNobody }
        // Also a network's own NAT64 (RFC 8215), 6to4 (RFC 3056) and the form that RFC 4291 deprecates; Teredo (RFC 4380) uses a third party's relay.
        if Array(bytes.prefix(6)) == [0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01] || leading.allSatisfy({ $0 == 0 }) { return version4(Array(bytes[12...])) }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return version4(Array(bytes[2..<6])) }
        // Translated IPv4 (RFC 2765) has its address behind `::ffff:0:`.
        if bytes.prefix(8).allSatisfy({ $0 == 0 }), Array(bytes[8..<12]) == [0xFF, 0xFF, 0, 0] { return version4(Array(bytes[12...])) }
        if Array(bytes.prefix(4)) == [0x20, 0x01, 0, 0] { return .linkOrNobody }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF), (0xFF, _): return .linkOrNobody
        // Discarded (RFC 6666).
        case (0x01, 0x00) where bytes[2..<8].allSatisfy({ $0 == 0 }): return .linkOrNobody
        // The addresses of other clouds' metadata services.
        case (0xFD, 0x20) where Array(bytes[2...]) == [0, 0xCE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]: return .linkOrNobody
        case (0xFD, 0x00) where Array(bytes[2...]) == [0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]: return .linkOrNobody
        case (0xFC...0xFD, _), (0xFE, 0xC0...): return .privateNetwork
        default: return .world
        }
    }
}
