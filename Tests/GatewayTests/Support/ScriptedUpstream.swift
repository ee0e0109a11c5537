import Foundation
import Synchronization

/// An HSS with scripted bytes: it listens on loopback and runs a script for each connection on a thread of its own.
final class ScriptedUpstream: Sendable {
    let port: Int
    private let listener: Int32
    private let heard = Heard()

    /// - Parameters:
    ///   - closes: whether the connection ends after the first answer, complete or not.
    ///   - script: gets each request, head and body, and returns the answer; nil closes the connection.
    init(closingAfterAnswer closes: Bool = false, _ script: @escaping @Sendable (String) -> String?) throws {
        let made = try Self.listen()
        listener = made.descriptor
        port = made.port
        let descriptor = made.descriptor
        Thread.detachNewThread { [heard] in
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    while let request = Self.readRequest(connection) {
                        heard.requests.withLock { $0.append(request) }
                        guard let answer = script(request) else { break }
                        WholeCalls.send(answer, to: connection)
                        if closes { break }
                    }
                    close(connection)
                }
            }
            close(descriptor)
        }
    }

    /// The shared state of the connections' threads.
    private final class Heard: Sendable {
        let requests = Mutex<[String]>([])
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }

    /// The requests so far, as the bytes that arrived.
    var requests: [String] { heard.requests.withLock { $0 } }

    private static func listen() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && Foundation.listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// One request with its Content-Length body; nil when the peer is gone.
    private static func readRequest(_ connection: Int32) -> String? {
        var bytes = Data()
        while true {
            if let end = bytes.range(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.upperBound], as: UTF8.self)
                let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.split(separator: " ")[1]) }
                let whole = end.upperBound + (length ?? 0)
                if bytes.count >= whole { return String(decoding: bytes[..<whole], as: UTF8.self) }
            }
            guard let piece = WholeCalls.receive(from: connection) else { return nil }
            bytes += piece
        }
    }
}
