import Glibc

/// Identifies a TCP connection: both ports and the peer's address. libcurl reports these, but no descriptor, for the connection that it is about to
/// use; the kernel reports them for a descriptor.
struct ConnectionName: Equatable {
    private let ownPort: UInt16
    private let peerPort: UInt16
    /// A hash of the address as text (FNV-1a). Two addresses that share it would have to share both ports as well.
    private let peer: UInt64

    /// As reported by libcurl to the callback before a request (CURLOPT_PREREQFUNCTION).
    init(peerAddress: UnsafePointer<CChar>?, peerPort: CInt, ownPort: CInt) {
        self.ownPort = UInt16(truncatingIfNeeded: ownPort)
        self.peerPort = UInt16(truncatingIfNeeded: peerPort)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var place = peerAddress
        while let byte = place?.pointee, byte != 0 {
            hash = (hash ^ UInt64(UInt8(bitPattern: byte))) &* 0x0000_0100_0000_01B3
            place = place?.advanced(by: 1)
        }
        peer = hash
    }

    /// As reported by the kernel for a descriptor; nil when it is not connected by TCP.
    init?(ofSocket descriptor: CInt) {
        guard let own = Endpoint(descriptor, getsockname), let peer = Endpoint(descriptor, getpeername) else { return nil }
        self = peer.address.withUnsafeBufferPointer { ConnectionName(peerAddress: $0.baseAddress, peerPort: peer.port, ownPort: own.port) }
    }

    /// One end of a connection.
    private struct Endpoint {
        let port: CInt
        /// As text, with a NUL at the end.
        let address: [CChar]

        init?(_ descriptor: CInt, _ ask: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt) {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let result = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask(descriptor, $0, &length) }
            }
            guard result == 0 else { return nil }
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            let family = CInt(storage.ss_family)
            let port: in_port_t? = withUnsafeBytes(of: &storage) { bytes in
                guard let base = bytes.baseAddress else { return nil }
                switch family {
                case AF_INET:
                    var address = base.loadUnaligned(as: sockaddr_in.self)
                    inet_ntop(AF_INET, &address.sin_addr, &text, socklen_t(text.count))
                    return address.sin_port
                case AF_INET6:
                    var address = base.loadUnaligned(as: sockaddr_in6.self)
                    inet_ntop(AF_INET6, &address.sin6_addr, &text, socklen_t(text.count))
                    return address.sin6_port
                default: return nil
                }
            }
            guard let port else { return nil }
            self.port = CInt(UInt16(bigEndian: port))
            address = text
        }
    }
}
