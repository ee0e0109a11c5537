/// A whole number of hundredths, written `5%`.
package struct Percentage: Sendable, Hashable {
    package let hundredths: Int

    package init(_ hundredths: Int) {
        self.hundredths = hundredths
    }

    /// Reads a percentage; nil when it isn't one.
    package init?(text: String) {
        guard text.hasSuffix("%"), let quantity = Quantity(String(text.dropLast())), quantity.unit.isEmpty else { return nil }
        hundredths = quantity.count
    }

    /// From 0 to 1.
    package var fraction: Double { Double(hundredths) / 100 }
}

extension Percentage: CustomStringConvertible {
    package var description: String { "\(hundredths)%" }
}
