import Glibc

/// One address of a name.
struct HostAddress: Sendable, Hashable {
    /// 4 bytes or 16.
    let bytes: [UInt8]

    var isVersion6: Bool { bytes.count == 16 }

    var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(isVersion6 ? AF_INET6 : AF_INET, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "?" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Reads an address; nil when the text is a name.
    init?(text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    fileprivate init?(_ information: UnsafePointer<addrinfo>) {
        guard let address = information.pointee.ai_addr else { return nil }
        switch information.pointee.ai_family {
        case AF_INET: bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) } }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) } }
        default: return nil
        }
    }
}

/// The answers of the system's resolver for a name, for each family separately: an answer for one would hide a failure of
/// the other.
struct NameLookup: Sendable {
    /// The result for one family.
    enum Answer: Sendable, Equatable {
        case addresses([HostAddress])
        /// The name has no address of this family.
        case none
        /// The resolver did not answer, or could not be reached.
        case failing
    }

    let version4: Answer
    let version6: Answer

    /// All addresses, each once.
    var addresses: [HostAddress] {
        [version4, version6].flatMap { answer -> [HostAddress] in
            if case .addresses(let list) = answer { return list }
            return []
        }
    }

    /// Queries both families. It blocks for as long as the resolver's own timeouts are (resolv.conf(5): 5 s an attempt, 2 attempts).
    static func find(_ host: String) -> NameLookup {
        if let address = HostAddress(text: host) {
            return NameLookup(
                version4: address.isVersion6 ? .none : .addresses([address]), version6: address.isVersion6 ? .addresses([address]) : .none)
        }
        return NameLookup(version4: ask(host, AF_INET), version6: ask(host, AF_INET6))
    }

    private static func ask(_ host: String, _ family: Int32) -> Answer {
        var hints = addrinfo()
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        // glibc's EAI_NODATA (-5): the name exists and has no address of this family.
        if code == EAI_NONAME || code == -5 { return .none }
        guard code == 0 else { return .failing }
        var found: [HostAddress] = []
        var entry = list
        while let current = entry {
            if let address = HostAddress(current), !found.contains(address) { found.append(address) }
            entry = current.pointee.ai_next
        }
        return found.isEmpty ? .none : .addresses(found)
    }
}
