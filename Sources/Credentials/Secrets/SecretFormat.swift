/// The allowed form of a secret's bytes.
package enum SecretFormat: Sendable {
    /// UTF-8 text of visible characters, with spaces only inside: secret keys and passwords.
    case text
    /// Visible ASCII, as header values need it: tokens.
    case headerText
    /// Visible ASCII without a comma, which separates the parts of the `Authorization` header: access key ids.
    case accessKeyID

    /// Why bytes don't have this form; nil if they do.
    func fault(in bytes: UnsafeBufferPointer<UInt8>) -> SecretFault.Reason? {
        guard let first = bytes.first, let last = bytes.last else { return .empty }
        if let fault = Self.invisible(in: bytes) { return fault }
        if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return .surroundingSpace }
        switch self {
        case .text: return nil
        case .headerText: return misfit(in: bytes) { $0 > 0x20 && $0 < 0x7F }
        case .accessKeyID: return misfit(in: bytes) { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
        }
    }

    /// Whether a file is UTF-8 text without a byte order mark, as parsers of such files require.
    static func encodingFault(in bytes: UnsafeBufferPointer<UInt8>) -> SecretFault.Reason? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .invisible("\u{FEFF}", byte: 1) }
        return firstFault(in: bytes) { scalar, byte in scalar == "\u{0}" ? .invisible(scalar, byte: byte) : nil }
    }

    /// The first scalar that isn't allowed, with the position of its first byte, from 1; invalid UTF-8 counts as one.
    private static func firstFault(
        in bytes: UnsafeBufferPointer<UInt8>, _ judge: (Unicode.Scalar, Int) -> SecretFault.Reason?
    ) -> SecretFault.Reason? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return nil
            case .error: return .notText(byte: offset + 1)
            case .valid(let encoded):
                if let fault = judge(Unicode.UTF8.decode(encoded), offset + 1) { return fault }
                offset += encoded.count
            }
        }
    }

    private func misfit(in bytes: UnsafeBufferPointer<UInt8>, _ fits: (UInt8) -> Bool) -> SecretFault.Reason? {
        bytes.firstIndex { !fits($0) }.map { .notHeaderText(byte: $0 + 1) }
    }

    /// Finds characters that are invisible in an editor or on the page from which a secret was copied. The service would receive them, refuse the
    /// secret, and in the end lock the user.
    private static func invisible(in bytes: UnsafeBufferPointer<UInt8>) -> SecretFault.Reason? {
        firstFault(in: bytes) { scalar, byte in
            if scalar == "\n" || scalar == "\r" { return .lineBreak }
            return scalar.isInvisible ? .invisible(scalar, byte: byte) : nil
        }
    }
}

extension Unicode.Scalar {
    /// Whether the character is invisible; a plain space doesn't count.
    fileprivate var isInvisible: Bool {
        if value < 0x7F { return value < 0x20 }
        switch properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }
}
