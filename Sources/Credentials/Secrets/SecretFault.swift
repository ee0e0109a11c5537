import Glibc

/// Why a secret could not be had. It names the place, never the content.
package struct SecretFault: Error, Equatable, Sendable {
    /// What is wrong.
    package enum Reason: Equatable, Sendable {
        case missing
        /// The operating system's error number.
        case unreadable(errorNumber: Int32)
        case notAFile
        case tooLarge(limit: Int)
        case empty
        /// A line break inside: usually two values in one file. One at the end is fine.
        case lineBreak
        case controlCharacter
        case surroundingSpace
        /// It goes into a header, and holds something else than visible ASCII (RFC 9110 section 5.5).
        case notHeaderText
    }

    package let origin: SecretOrigin
    package let reason: Reason

    /// What is wrong and what to do, in one sentence.
    package var sentence: String {
        switch reason {
        case .missing: "The \(origin) doesn't exist."
        case .unreadable(let number): "The \(origin) can't be read: \(String(cString: strerror(number)))."
        case .notAFile: "The \(origin) is not a regular file."
        case .tooLarge(let limit): "The \(origin) holds more than \(limit) bytes; a secret is smaller."
        case .empty: "The \(origin) is empty."
        case .lineBreak: "The \(origin) holds a line break inside the value; put one value there."
        case .controlCharacter: "The \(origin) holds a control character."
        case .surroundingSpace: "The \(origin) begins or ends with a space; remove it."
        case .notHeaderText: "The \(origin) holds characters that can't be sent in a header; only visible ASCII can."
        }
    }
}

extension SecretFault: CustomStringConvertible {
    package var description: String { sentence }
}
