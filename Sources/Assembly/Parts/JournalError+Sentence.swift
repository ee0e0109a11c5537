package import Audit
import Glibc
import Transport

extension JournalError {
    /// What is wrong and where, for the operator.
    package var sentence: String {
        switch self {
        case .directoryInUse(let path): "another gateway holds \(path); give each its own directory."
        case .directoryUnusable(let path, let code): "\(path): \(Self.text(code))."
        case .otherNature(let path, .sandbox): "\(path) holds the journal of a sandbox, which must not become a real one; name another directory."
        case .otherNature(let path, .real): "\(path) holds the journal of a real gateway, which a sandbox must not write to; name another directory."
        case .cannotOpen(let segment, let code): "\(segment) can't be opened: \(Self.text(code))."
        case .cannotRead(let segment, let code): "\(segment) can't be read: \(Self.text(code))."
        case .writeFailed(let segment, let code): "\(segment) can't be written: \(Self.text(code))."
        case .syncFailed(let segment, let code): "\(segment) can't be made durable: \(Self.text(code))."
        default: "\(self)."
        }
    }

    private static func text(_ code: Int32) -> String { RegularFile.reason(code) }
}

extension TransportError {
    /// Why no transport could be made, for the operator. Only configuration faults happen at that point.
    var sentence: String {
        switch self {
        case .configuration(.library): "The libcurl on this machine is too old or lacks TLS or HTTP/2."
        case .configuration(.certificateAuthorityFile): "upstream.ca_file can't be read, or is not a list of certificates in PEM."
        case .configuration(.value): "libcurl doesn't take upstream.proxy, upstream.pinned_public_key or a timeout."
        case .configuration(.system), .resources: "The system gives no epoll or event descriptors; check its limits."
        default: "The transport could not be made."
        }
    }
}
