import Glibc

/// Why a secret could not be read. It names the source, never the content.
package struct SecretFault: Error, Equatable, Sendable {
    /// What is wrong.
    package enum Reason: Equatable, Sendable {
        case missing
        /// The operating system's error number.
        case unreadable(errorNumber: Int32)
        case notAFile
        /// Every user of the machine can write it.
        case openToAll
        case tooLarge(limit: Int)
        case empty
        /// A line break inside: usually two values in one file. One at the end is accepted.
        case lineBreak
        /// An invisible character: a control character, a byte order mark, a blank that isn't U+0020, a joiner. Bytes count from 1.
        case invisible(Unicode.Scalar, byte: Int)
        /// Not UTF-8; UTF-16 begins like this.
        case notText(byte: Int)
        case surroundingSpace
        /// It is sent in a header, and contains other characters than visible ASCII (RFC 9110 section 5.5).
        case notHeaderText(byte: Int)
    }

    package let origin: SecretOrigin
    package let reason: Reason

    /// What is wrong and what to do, in one sentence.
    package var sentence: String {
        switch reason {
        case .missing: "The \(origin) doesn't exist."
        case .unreadable(let number): "The \(origin) can't be read: \(String(cString: strerror(number)))."
        case .notAFile: "The \(origin) is not a regular file."
        case .openToAll: "The \(origin) can be changed by every user of this machine: chmod o-w, better 0400."
        case .tooLarge(let limit): "The \(origin) holds more than \(limit) bytes; a secret is smaller."
        case .empty: "The \(origin) is empty."
        case .lineBreak: "The \(origin) holds a line break inside the value; put one value there."
        case .invisible(let scalar, let byte):
            "The \(origin) holds \(Self.kind(of: scalar)) at byte \(byte), \(Self.name(scalar)): "
                + "remove it, or write the value anew without copying it."
        case .notText(let byte): "The \(origin) is no UTF-8 text from byte \(byte) on: write it anew as plain UTF-8."
        case .surroundingSpace: "The \(origin) begins or ends with a space; remove it."
        case .notHeaderText(let byte):
            "The \(origin) holds a character at byte \(byte) that can't be sent in a header; only visible ASCII can."
        }
    }

    private static func kind(of scalar: Unicode.Scalar) -> String {
        scalar.properties.generalCategory == .control ? "a control character" : "an invisible character"
    }

    /// The code point, with its common name.
    private static func name(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        switch scalar {
        case "\t": return "\(code) (tab)"
        case "\u{0}": return "\(code) (NUL, as in UTF-16)"
        case "\u{FEFF}": return "\(code) (byte order mark)"
        default: return scalar.properties.name.map { "\(code) (\($0.lowercased()))" } ?? code
        }
    }
}

extension SecretFault.Reason {
    /// The same reason for a value at an offset in a file, bytes.
    func moved(by offset: Int) -> Self {
        switch self {
        case .invisible(let scalar, let byte): .invisible(scalar, byte: byte + offset)
        case .notText(let byte): .notText(byte: byte + offset)
        case .notHeaderText(let byte): .notHeaderText(byte: byte + offset)
        case .missing, .unreadable, .notAFile, .openToAll, .tooLarge, .empty, .lineBreak, .surroundingSpace: self
        }
    }
}

extension SecretFault: CustomStringConvertible {
    package var description: String { sentence }
}
