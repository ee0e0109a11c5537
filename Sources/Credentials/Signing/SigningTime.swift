/// The time in a signature, in whole seconds since 1970-01-01T00:00:00Z. The cloud accepts a difference of 15 minutes (protocol page a.8).
package struct SigningTime: Sendable, Equatable {
    package let secondsSinceEpoch: Int64

    /// In the form of `X-Sdk-Date`.
    package var dateText: String { SigningDate(self).text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

    /// A time outside the years 1970 to 9999 is set to the nearer end: such a signature is refused anyway.
    package init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, 0), 253_402_300_799)
    }
}
