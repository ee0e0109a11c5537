package import Credentials
import Glibc
package import Settings

/// One GET to a port of this machine, in a dozen system calls: a health probe should not start event loops. With TLS it needs one.
package struct ProbeClient {
    package let address: ListenAddress
    package let patienceSeconds: Int
    /// Sent as a bearer token.
    package let token: Secret?
    /// Nil for plain HTTP.
    package let tls: ProbeTLS?

    package init(address: ListenAddress, patienceSeconds: Int, token: Secret?, tls: ProbeTLS? = nil) {
        self.address = address
        self.patienceSeconds = patienceSeconds
        self.token = token
        self.tls = tls
    }

    /// Largest answer that is read, bytes.
    static let largestAnswer = 64 << 10

    /// Sends the request and reads the whole answer. Blocks for at most `patienceSeconds` at each step.
    /// - Throws: if there is no answer, or none of HTTP/1.1.
    package func get(_ path: String) throws(Failure) -> (status: Int, body: String) {
        var request = Array("GET \(path) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n".utf8)
        token?.appendAuthorization(to: &request)
        request += Array("\r\n".utf8)
        let answer = if let tls { try tls.exchange(request, with: address, patienceSeconds) } else { try exchange(request) }
        let text = String(decoding: answer, as: UTF8.self)
        guard text.hasPrefix("HTTP/1.1 "), let status = Int(text.dropFirst(9).prefix(3)), let end = text.firstRange(of: "\r\n\r\n") else {
            throw Failure(.runtime, "\(address) doesn't answer like an admin port.")
        }
        return (status, String(text[end.upperBound...]))
    }

    /// Whether any process listens at the address.
    var isOpen: Bool {
        guard let descriptor = try? connected() else { return false }
        close(descriptor)
        return true
    }

    /// A connected socket, which the caller must close.
    private func connected() throws(Failure) -> Int32 {
        let descriptor = socket(address.host.isVersion6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(.runtime, "No socket could be made.") }
        var limit = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard Self.connect(descriptor, to: address) else {
            close(descriptor)
            throw Failure(.runtime, "Nobody answers at \(address).")
        }
        return descriptor
    }

    private func exchange(_ request: [UInt8]) throws(Failure) -> [UInt8] {
        let descriptor = try connected()
        defer { close(descriptor) }
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw Failure(.runtime, "\(address) doesn't listen to what it is asked.")
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while answer.count < Self.largestAnswer {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count <= 0 { break }
            answer += chunk[..<count]
        }
        return answer
    }

    private static func connect(_ descriptor: Int32, to address: ListenAddress) -> Bool {
        if address.host.isVersion6 {
            var target = sockaddr_in6()
            target.sin6_family = sa_family_t(AF_INET6)
            target.sin6_port = in_port_t(address.port).bigEndian
            withUnsafeMutableBytes(of: &target.sin6_addr) { $0.copyBytes(from: address.host.bytes) }
            return withUnsafePointer(to: &target) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
                }
            }
        }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(address.port).bigEndian
        withUnsafeMutableBytes(of: &target.sin_addr) { $0.copyBytes(from: address.host.bytes) }
        return withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
