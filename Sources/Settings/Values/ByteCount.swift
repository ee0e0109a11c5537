/// An amount of bytes, written `12MiB`, `64KiB`, `500MB` or as plain bytes.
package struct ByteCount: Sendable, Hashable, Comparable {
    package let bytes: Int

    package init(_ bytes: Int) {
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int) -> ByteCount { ByteCount(count << 10) }
    package static func mebibytes(_ count: Int) -> ByteCount { ByteCount(count << 20) }
    package static func gibibytes(_ count: Int) -> ByteCount { ByteCount(count << 30) }

    package static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }

    /// Units by their letters; the decimal ones are those of the SI, the binary ones of IEC 80000-13.
    static let units: [(suffix: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1), ("", 1),
    ]

    /// Reads a size; nil when it isn't one or doesn't fit.
    package init?(text: String) {
        guard let quantity = Quantity(text) else { return nil }
        guard let unit = Self.units.first(where: { $0.suffix == quantity.unit }) else { return nil }
        let (product, overflow) = quantity.count.multipliedReportingOverflow(by: unit.bytes)
        guard !overflow else { return nil }
        bytes = product
    }
}

extension ByteCount: CustomStringConvertible {
    /// In the largest binary unit that divides it, otherwise in plain bytes.
    package var description: String {
        for unit in Self.units.prefix(3) where bytes != 0 && bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.suffix)"
        }
        return "\(bytes)"
    }
}
