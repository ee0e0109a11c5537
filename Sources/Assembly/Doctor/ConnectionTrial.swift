import Glibc

/// Opens a TCP connection to each of several addresses at the same time, and closes them again.
struct ConnectionTrial: Sendable {
    /// The result for one address.
    enum Outcome: Sendable, Equatable {
        case connected(milliseconds: Int)
        /// Refused: nothing listens there, or a firewall rejects.
        case refused
        /// No answer: mostly a firewall that drops.
        case timedOut
        /// This machine has no route there, for example without IPv6.
        case noRoute
        case failed(Int32)

        var sentence: String {
            switch self {
            case .connected(let milliseconds): "connected in \(milliseconds) ms"
            case .refused: "refused"
            case .timedOut: "no answer"
            case .noRoute: "no route"
            case .failed(let code): String(cString: strerror(code))
            }
        }
    }

    /// Further addresses are not tried.
    static let mostAddresses = 16

    let results: [(address: HostAddress, outcome: Outcome)]

    var isReached: Bool {
        results.contains { if case .connected = $0.outcome { true } else { false } }
    }

    /// Blocks for `patience` at most.
    static func run(_ addresses: [HostAddress], port: Int, patience: Duration) -> ConnectionTrial {
        let start = ContinuousClock.now
        var waiting: [(index: Int, descriptor: Int32)] = []
        var results = addresses.prefix(mostAddresses).map { (address: $0, outcome: Outcome.timedOut) }
        for index in results.indices {
            let descriptor = begin(results[index].address, port)
            if descriptor < 0 {
                results[index].outcome = outcome(of: errno, since: start)
            } else {
                waiting.append((index, descriptor))
            }
        }
        while !waiting.isEmpty {
            let left = patience - (.now - start)
            guard left > .zero else { break }
            var requests = waiting.map { pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0) }
            let (seconds, attoseconds) = left.components
            let count = poll(&requests, nfds_t(requests.count), Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1))
            if count < 0, errno != EINTR { break }
            for request in requests where request.revents != 0 {
                guard let place = waiting.firstIndex(where: { $0.descriptor == request.fd }) else { continue }
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(request.fd, SOL_SOCKET, SO_ERROR, &code, &length)
                results[waiting[place].index].outcome = outcome(of: code, since: start)
                close(request.fd)
                waiting.remove(at: place)
            }
        }
        for entry in waiting { close(entry.descriptor) }
        return ConnectionTrial(results: results)
    }

    private static func outcome(of code: Int32, since start: ContinuousClock.Instant) -> Outcome {
        switch code {
        case 0:
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            return .connected(milliseconds: Int(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
        case ECONNREFUSED, ECONNRESET: return .refused
        case ETIMEDOUT: return .timedOut
        case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT: return .noRoute
        default: return .failed(code)
        }
    }

    /// A socket that is connecting, or -1 with the reason in `errno`.
    private static func begin(_ address: HostAddress, _ port: Int) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.isVersion6 ? AF_INET6 : AF_INET, kind, 0)
        guard descriptor >= 0 else { return -1 }
        let code: Int32
        if address.isVersion6 {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = in_port_t(truncatingIfNeeded: port).bigEndian
            withUnsafeMutableBytes(of: &target.sin6_addr) { $0.copyBytes(from: address.bytes) }
            code = connect(descriptor, &target)
        } else {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
            withUnsafeMutableBytes(of: &target.sin_addr) { $0.copyBytes(from: address.bytes) }
            code = connect(descriptor, &target)
        }
        if code == 0 || errno == EINPROGRESS { return descriptor }
        let reason = errno
        close(descriptor)
        errno = reason
        return -1
    }

    private static func connect<Address>(_ descriptor: Int32, _ target: inout Address) -> Int32 {
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}
