import CLinux
import Glibc

// libcurl parses its file of authorities again for every connection (some 140 certificates, milliseconds of the event loop's time)
// unless the authorities come from one file alone, which it then keeps parsed (CURLOPT_CA_CACHE_TIMEOUT, since 7.87.0). Neither a
// directory nor CURLOPT_CAINFO_BLOB is kept. So the system's authorities and the extra ones become one file, in memory.

/// The authorities that connections are verified against, as one file that libcurl can name.
struct CertificateAuthorities: ~Copyable {
    /// The path for libcurl; `nil`: libcurl's default.
    let path: String?
    private let descriptor: CInt

    /// The system's authorities and, if there are any, extra ones: their content, or the file that has them.
    init(system: String?, extraFile: String?, extraContent: [UInt8]?) throws(TransportError) {
        if let extraFile {
            let extra = if let extraContent { extraContent } else { try Self.contents(of: extraFile) }
            descriptor = try Self.merged(system: system, extra: extra)
            // Each opening of this path creates a new file description with its own offset, so libcurl can read it repeatedly.
            path = "/proc/self/fd/\(descriptor)"
        } else {
            descriptor = -1
            path = system
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// A file in memory with the extra authorities and the system's.
    private static func merged(system: String?, extra: [UInt8]) throws(TransportError) -> CInt {
        var contents = extra
        // OpenSSL would not report a file without a certificate, because the system's authorities follow it.
        guard String(decoding: contents, as: UTF8.self).contains("-----BEGIN") else { throw .configuration(.certificateAuthorityFile) }
        contents.append(UInt8(ascii: "\n"))
        if let system { contents.append(contentsOf: try Self.contents(of: system)) }
        let descriptor = clinux_memfd("certificate authorities")
        guard descriptor >= 0, write(contents, to: descriptor) else {
            if descriptor >= 0 { close(descriptor) }
            throw .configuration(.system)
        }
        return descriptor
    }

    private static func contents(of path: String) throws(TransportError) -> [UInt8] {
        // A FIFO in the file's place must not block the start.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .configuration(.certificateAuthorityFile) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .configuration(.certificateAuthorityFile) }
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while contents.count <= TransportLimits.certificateFileBytes {
            let count = read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { break }
            if count == 0 { return contents }
            contents.append(contentsOf: piece[..<count])
        }
        throw .configuration(.certificateAuthorityFile)
    }

    private static func write(_ contents: [UInt8], to file: CInt) -> Bool {
        contents.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.write(file, part.baseAddress, part.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
