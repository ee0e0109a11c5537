import Foundation
import Synchronization

/// A caller on a plain socket: it sends any bytes and reads the answers. It waits on threads outside Swift's own pool, so that
/// no test can block another.
final class RawCaller: Sendable {
    /// Longest wait; only a broken gateway takes that long.
    private static let patienceSeconds = 30

    private let descriptor: Int32
    private let unread = Mutex(Data())

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        WholeCalls.send(text, to: descriptor)
    }

    /// Ends sending; reading goes on.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next answer, or nil when the gateway closed first.
    /// - Parameter hasBody: false for the answer to HEAD.
    func answer(hasBody: Bool = true) async -> RawAnswer? {
        await offPool { caller in
            guard let head = caller.take(through: "\r\n\r\n") else { return nil }
            var answer = RawAnswer(head: head)
            guard hasBody else { return answer }
            if answer["transfer-encoding"] == "chunked" {
                // CRLF is one `Character`.
                while let size = caller.take(through: "\r\n"), let count = Int(size.dropLast(), radix: 16) {
                    answer.body += caller.take(count: count)
                    _ = caller.take(count: 2)
                    if count == 0 { break }
                }
            } else if let length = answer["content-length"].flatMap({ Int($0) }) {
                answer.body = caller.take(count: length)
            }
            return answer
        }
    }

    /// Whether the gateway closes without sending another byte.
    func seesEnd() async -> Bool {
        await offPool { caller in
            caller.unread.withLock { $0.isEmpty } && !caller.fill()
        }
    }

    /// Everything up to the connection's end, whether a close or a reset.
    func rest() async -> String {
        await offPool { caller in
            while caller.fill() {}
            return caller.unread.withLock { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Whether anything has arrived, without reading it from the socket.
    func seesBeginning() async -> Bool {
        await offPool { caller in
            var byte: UInt8 = 0
            return caller.unread.withLock { !$0.isEmpty } || recv(caller.descriptor, &byte, 1, Int32(MSG_PEEK)) == 1
        }
    }

    private func offPool<Result: Sendable>(_ body: @escaping @Sendable (RawCaller) -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in continuation.resume(returning: body(self)) }
        }
    }

    private func fill() -> Bool {
        guard let piece = WholeCalls.receive(from: descriptor) else { return false }
        unread.withLock { $0 += piece }
        return true
    }

    private func take(through separator: String) -> String? {
        while true {
            let found = unread.withLock { unread -> String? in
                guard let range = unread.range(of: Data(separator.utf8)) else { return nil }
                defer { unread = Data(unread[range.upperBound...]) }
                return String(decoding: unread[..<range.upperBound], as: UTF8.self)
            }
            if let found { return found }
            guard fill() else { return nil }
        }
    }

    private func take(count: Int) -> String {
        while unread.withLock({ $0.count }) < count, fill() {}
        return unread.withLock { unread in
            defer { unread = Data(unread.dropFirst(count)) }
            return String(decoding: unread.prefix(count), as: UTF8.self)
        }
    }
}

/// One answer as received.
struct RawAnswer: Sendable {
    let status: Int
    let fields: [(name: String, value: String)]
    var body = ""

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
    }

    /// The first field of this lower-case name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// A string among the members of the JSON body.
    func member(_ name: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])?[name] as? String
    }
}
