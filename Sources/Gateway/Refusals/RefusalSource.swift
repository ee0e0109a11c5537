import Policy

/// The source that a refusal is counted for.
enum RefusalSource: Hashable, Sendable {
    /// An unrecognised sender at this address: an IPv4 address, the /64 of an IPv6 address, or `unix`.
    case address(String)
    /// A caller of the configuration.
    case caller(String)
    /// All sources beyond the limit on memory.
    case others

    /// Makes the source of an unrecognised sender.
    /// - Parameter address: as in a record. One host may use every address of its /64 (RFC 4291 section 2.5.1), so that is what counts.
    init(address: String?) {
        guard let address else {
            self = .others
            return
        }
        self = .address(NetworkAddress(address)?.sourceNetwork ?? address)
    }

    /// As in the record: `192.0.2.7`, `2001:db8:0:7::/64`, `caller team`, `others`.
    var text: String {
        switch self {
        case .address(let address): address
        case .caller(let name): "caller \(name)"
        case .others: "others"
        }
    }
}
