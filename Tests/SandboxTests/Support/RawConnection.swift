import Foundation

/// A blocking TCP client that observes what a client can: bytes, a FIN or a reset.
final class RawConnection {
    /// How the peer's side ended.
    enum Ending: Equatable {
        case open, fin, reset, timeout
    }

    /// Long enough for a loaded machine; only a broken sandbox waits for it.
    private static let patienceSeconds = 20

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var ending = Ending.open

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var timeout = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let sent = bytes[offset...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            offset += sent
        }
    }

    /// Receives at least one byte; false when there will be no more.
    private func fill() -> Bool {
        guard ending == .open else { return false }
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count > 0 {
            buffer += piece[..<count]
            return true
        }
        ending = count == 0 ? .fin : errno == ECONNRESET ? .reset : .timeout
        return false
    }

    /// Bytes up to and including a separator, or nil when the peer ended first.
    func take(through separator: String) -> [UInt8]? {
        let wanted = Array(separator.utf8)
        while true {
            if let range = Data(buffer).range(of: Data(wanted)) {
                let taken = Array(buffer[..<range.upperBound])
                buffer.removeFirst(range.upperBound)
                return taken
            }
            guard fill() else { return nil }
        }
    }

    /// That many bytes, or fewer when the peer ended first.
    func take(count: Int) -> [UInt8] {
        while buffer.count < count, fill() {}
        let taken = Array(buffer.prefix(count))
        buffer.removeFirst(taken.count)
        return taken
    }

    /// Everything up to the peer's end.
    func takeRest() -> [UInt8] {
        while fill() {}
        defer { buffer = [] }
        return buffer
    }
}
