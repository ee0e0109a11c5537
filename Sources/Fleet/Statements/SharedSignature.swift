/// A signature of a virtual key that a request uses.
package struct SharedSignature: Sendable {
    /// The key's id.
    package let key: String
    /// The first half of the signature.
    package let mark: [UInt8]
    /// The date that it has, seconds since 1970.
    package let seconds: Int64
    /// Belongs to the request: its holder may release the signature. It is sent to the database only.
    let pass: String

    package init(key: String, mark: [UInt8], seconds: Int64) {
        self.key = key
        self.mark = mark
        self.seconds = seconds
        pass = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
    }
}

extension SharedSignature {
    /// The result of releasing a signature.
    package enum Return: Sendable, Hashable {
        case given
        /// There is no such row.
        case missing
        /// This member's epoch has ended: the signature stays used.
        case fenced
    }
}
