/// A whole number with a unit written directly after it, e.g. `30s` or `12MiB`.
struct Quantity {
    let count: Int
    let unit: String

    /// Nil when there are no digits, other signs than digits and letters, or a number that doesn't fit.
    init?(_ text: String) {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let count = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        let unit = text.utf8.dropFirst(digits.count)
        guard unit.allSatisfy({ $0.isASCIILetter }) else { return nil }
        self.count = count
        self.unit = String(decoding: unit, as: UTF8.self)
    }
}

extension UInt8 {
    /// A to Z in either case.
    var isASCIILetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    /// 0 to 9.
    var isASCIIDigit: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
