/// What a secret's bytes may be.
package enum SecretFormat: Sendable {
    /// Anything without control characters: secret keys and passwords.
    case text
    /// Visible ASCII, as header values need it: tokens.
    case headerText
    /// Visible ASCII without a comma, which separates the parts of the `Authorization` header: access key ids.
    case accessKeyID

    /// The reason why bytes don't fit, if they don't.
    func fault(in bytes: UnsafeBufferPointer<UInt8>) -> SecretFault.Reason? {
        guard let first = bytes.first, let last = bytes.last else { return .empty }
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return .lineBreak }
            if byte < 0x20 || byte == 0x7F { return .controlCharacter }
        }
        if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return .surroundingSpace }
        switch self {
        case .text: return nil
        case .headerText: return bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? nil : .notHeaderText
        case .accessKeyID: return bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") } ? nil : .notHeaderText
        }
    }
}
