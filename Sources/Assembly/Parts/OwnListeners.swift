import Glibc
import Settings

/// Finds an endpoint of HSS that points to one of the gateway's own listeners. If it points to another gateway, or its name changes later,
/// the first request finds it: 508 HSSGW.4001.
enum OwnListeners {
    /// - Throws: names the region and the listener.
    static func checkEndpoints(_ settings: GatewaySettings) throws(Failure) {
        for region in settings.regions {
            guard let endpoint = region.hss else { continue }
            let port = endpoint.port ?? (endpoint.scheme == "https" ? 443 : 80)
            for listener in settings.listeners {
                guard case .tcp(let address) = listener.endpoint, address.port == port else { continue }
                // Names are looked up only where the port is one of ours.
                guard addresses(of: endpoint.host).contains(where: { reaches($0, address.host) }) else { continue }
                throw Failure(
                    .badConfiguration,
                    "regions.\(region.name).hss is \(endpoint.description), where this gateway's own listener \(listener.name) is: "
                        + "name HSS's endpoint."
                )
            }
        }
    }

    private static func reaches(_ target: IPAddress, _ listener: IPAddress) -> Bool {
        if listener.isWildcard { return isOfThisMachine(target) }
        // A connection to the wildcard address (0.0.0.0 or ::) reaches this machine's loopback.
        return target.isWildcard ? listener.isLoopback : mapped(target) == mapped(listener)
    }

    /// 16 bytes, IPv4 in IPv6's form (RFC 4291 section 2.5.5.2): one address in either spelling is the same.
    private static func mapped(_ address: IPAddress) -> [UInt8] {
        address.isVersion6 ? address.bytes : [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address.bytes
    }

    /// An address that a socket can be bound to belongs to this machine.
    private static func isOfThisMachine(_ address: IPAddress) -> Bool {
        let family = address.isVersion6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if address.isVersion6 {
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &place.sin6_addr) { $0.copyBytes(from: address.bytes) }
            return isBound(descriptor, &place)
        }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        withUnsafeMutableBytes(of: &place.sin_addr) { $0.copyBytes(from: address.bytes) }
        return isBound(descriptor, &place)
    }

    private static func isBound<Place>(_ descriptor: Int32, _ place: inout Place) -> Bool {
        withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<Place>.size)) == 0 }
        }
    }

    private static func addresses(of host: String) -> [IPAddress] {
        if let address = IPAddress(text: host) { return [address] }
        var first: UnsafeMutablePointer<addrinfo>?
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
                let address = IPAddress(text: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
            {
                found.append(address)
            }
            next = entry.pointee.ai_next
        }
        return found
    }
}
