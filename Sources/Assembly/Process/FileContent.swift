import Glibc

/// A file named on the command line.
package enum FileContent {
    /// The whole content; a file longer than the limit is refused.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(.usage, "\(path) can't be read: \(String(cString: strerror(errno))).") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw Failure(.usage, "\(path) can't be read: \(String(cString: strerror(errno))).") }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw Failure(.usage, "\(path) is larger than limits.request_body.") }
        }
    }
}
