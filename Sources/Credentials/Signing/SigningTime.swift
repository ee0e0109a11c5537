/// The moment that a signature claims, in whole seconds since 1970-01-01T00:00:00Z. The cloud accepts 15 minutes off (protocol page a.8).
package struct SigningTime: Sendable, Equatable {
    package let secondsSinceEpoch: Int64

    /// As `X-Sdk-Date` has it.
    package var dateText: String { SigningDate(self).text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

    /// A clock outside the years 1970 to 9999 is taken for the nearer end: such a signature is refused anyway.
    package init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, 0), 253_402_300_799)
    }
}
