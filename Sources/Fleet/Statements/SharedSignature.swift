/// A signature of a virtual key that was used.
package struct SharedSignature: Sendable {
    /// The key's id.
    package let key: String
    /// Half of the signature.
    package let mark: [UInt8]
    /// The date that it has, seconds since 1970.
    package let seconds: Int64

    package init(key: String, mark: [UInt8], seconds: Int64) {
        self.key = key
        self.mark = mark
        self.seconds = seconds
    }
}
