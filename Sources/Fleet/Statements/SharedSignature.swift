/// A signature of a virtual key that a request uses.
package struct SharedSignature: Sendable {
    /// The key's id.
    package let key: String
    /// Half of the signature.
    package let mark: [UInt8]
    /// The date that it has, seconds since 1970.
    package let seconds: Int64
    /// The request's own: whoever knows it may give the signature back. It leaves this process for the database alone.
    let pass: String

    package init(key: String, mark: [UInt8], seconds: Int64) {
        self.key = key
        self.mark = mark
        self.seconds = seconds
        pass = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
    }
}

extension SharedSignature {
    /// What became of one that was given back.
    package enum Return: Sendable, Hashable {
        case given
        /// There is no such row.
        case missing
        /// This member's epoch is over: the signature stays used.
        case fenced
    }
}
