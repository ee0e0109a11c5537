import Glibc
import Synchronization

/// An upstream with scripted bytes: it listens on loopback, and each connection runs the script on a thread of its own.
final class ScriptedUpstream: Sendable {
    let port: Int
    private let listener: CInt
    private let counters = Mutex(Counters())
    private let script: @Sendable (UpstreamConnection) -> Void

    private struct Counters {
        var connections = 0
        var requests: [String] = []
    }

    init(_ script: @escaping @Sendable (UpstreamConnection) -> Void) {
        self.script = script
        (listener, port) = Self.listen()
        Self.detach { [self] in acceptAll() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// How many connections have been accepted.
    var connections: Int { counters.withLock(\.connections) }

    /// The heads and bodies that were read with ``UpstreamConnection/readRequest()``, as text.
    var requests: [String] { counters.withLock(\.requests) }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    fileprivate func note(_ request: String) {
        counters.withLock { $0.requests.append(request) }
    }

    /// Whether nobody has a port of loopback.
    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { _ = Glibc.close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
    }

    private static func listen() -> (descriptor: CInt, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(descriptor, generic, length) == 0 && Glibc.listen(descriptor, 1024) == 0)
                precondition(getsockname(descriptor, generic, &length) == 0)
                return Int(UInt16(bigEndian: UnsafeRawPointer(generic).loadUnaligned(as: sockaddr_in.self).sin_port))
            }
        }
        return (descriptor, port)
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            counters.withLock { $0.connections += 1 }
            Self.detach { [self] in
                let connection = UpstreamConnection(descriptor, upstream: self)
                script(connection)
                connection.close()
            }
        }
        Glibc.close(listener)
    }

    private static func detach(_ work: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(work))
        let result = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, box.toOpaque())
        precondition(result == 0)
        pthread_detach(thread)
    }

    private final class Box: Sendable {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
}

/// One accepted connection, used by its thread alone.
final class UpstreamConnection {
    let descriptor: CInt
    private let upstream: ScriptedUpstream
    private var unread: [UInt8] = []
    private var isClosed = false

    init(_ descriptor: CInt, upstream: ScriptedUpstream) {
        self.descriptor = descriptor
        self.upstream = upstream
        // Nothing waits forever when a test fails.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Reads one request with its Content-Length body; nil when the peer is gone.
    func readRequest() -> String? {
        while true {
            if let end = headEnd(), unread.count >= end + contentLength(in: unread[..<end]) {
                let total = end + contentLength(in: unread[..<end])
                let request = String(decoding: unread[..<total], as: UTF8.self)
                unread.removeFirst(total)
                upstream.note(request)
                return request
            }
            guard readMore() else { return nil }
        }
    }

    /// Reads a request with a body of this size, 256 KiB at a time, with a pause after each; false when the peer is gone.
    func readInBites(bodyBytes: Int, pauseMilliseconds: UInt32) -> Bool {
        var piece = [UInt8](repeating: 0, count: 256 * 1024)
        var total = 0
        while headEnd() == nil {
            guard readMore() else { return false }
        }
        total = unread.count - (headEnd() ?? 0)
        while total < bodyBytes {
            let count = recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { return false }
            total += count
            usleep(pauseMilliseconds * 1000)
        }
        return true
    }

    /// Answers every request on this connection the same way.
    func answerAll(_ response: String) {
        while readRequest() != nil { write(response) }
    }

    func write(_ text: String) {
        _ = write(Array(text.utf8))
    }

    /// Returns how many bytes were sent before the peer was gone.
    func write(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }

    /// Waits until the peer has closed or reset the connection; false when it sent something instead.
    func waitForEnd() -> Bool {
        while true {
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return true }
            if count > 0 || errno != EINTR { return false }
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    private func readMore() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count > 0 else { return false }
        unread.append(contentsOf: piece[..<count])
        return true
    }

    private func headEnd() -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard unread.count >= 4 else { return nil }
        return (0...(unread.count - 4)).first { unread[$0] == 13 && Array(unread[$0..<$0 + 4]) == mark }.map { $0 + 4 }
    }

    private func contentLength(in head: ArraySlice<UInt8>) -> Int {
        for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            return Int(line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) ?? 0
        }
        return 0
    }
}
