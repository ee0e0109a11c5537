import Policy

/// Whom a refusal is counted for.
enum RefusalSource: Hashable, Sendable {
    /// Nobody who is known, at this address: an IPv4 address, the /64 of an IPv6 address, or `unix`.
    case address(String)
    /// A caller of the configuration.
    case caller(String)
    /// All that found no room in memory.
    case others

    /// Makes the source of a sender whom nobody recognised.
    /// - Parameter address: as a record has it. One host may use every address of its /64 (RFC 4291 section 2.5.1), so that is what counts.
    init(address: String?) {
        guard let address else {
            self = .others
            return
        }
        self = .address(NetworkAddress(address)?.sourceNetwork ?? address)
    }

    /// As the record has it: `192.0.2.7`, `2001:db8:0:7::/64`, `caller team`, `others`.
    var text: String {
        switch self {
        case .address(let address): address
        case .caller(let name): "caller \(name)"
        case .others: "others"
        }
    }
}
