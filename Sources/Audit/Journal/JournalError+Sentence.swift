import Files

extension JournalError {
    /// What is wrong and where, for the operator.
    package var sentence: String {
        switch self {
        case .directoryInUse(let path): "another gateway holds \(path); give each its own directory."
        case .directoryUnusable(let path, let code): "\(path): \(Self.text(code))."
        case .otherNature(let path, .sandbox):
            "\(path) holds the journal of a sandbox, which must not become a real one; name another in audit.directory or --audit-directory."
        case .otherNature(let path, .real):
            "\(path) holds the journal of a real gateway, which a sandbox must not write to; name another in --audit-directory."
        case .cannotOpen(let segment, let code): "\(segment) can't be opened: \(Self.text(code))."
        case .cannotRead(let segment, let code): "\(segment) can't be read: \(Self.text(code))."
        case .writeFailed(let segment, let code): "\(segment) can't be written: \(Self.text(code))."
        case .syncFailed(let segment, let code): "\(segment) can't be made durable: \(Self.text(code))."
        default: "\(self)."
        }
    }

    private static func text(_ code: Int32) -> String { RegularFile.reason(code) }
}
