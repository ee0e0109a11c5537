package import Audit

/// Reads times in the forms that users write: RFC 3339 with any offset, a date (its first instant in UTC), or
/// an age.
package enum TimeText {
    /// Microseconds of each unit of an age.
    private static let units: [Character: Int64] = ["s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000]
    /// Longest age, days: the journal's own range of years.
    private static let longestAge: Int64 = 3_650_000

    /// The instant, or nil.
    package static func read(_ text: String, now: Timestamp) -> Timestamp? {
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0, count <= longestAge {
            // Bounded: `longestAge` of the largest unit fits into 64 bits.
            return Timestamp(microseconds: now.microseconds - min(count * unit, now.microseconds))
        }
        if text.utf8.count == 10 { return canonical(text + "T00:00:00.000000Z") }
        return offsetTime(text)
    }

    /// `2026-11-24T08:00:00+08:00`, with a fraction or without.
    private static func offsetTime(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " ") else {
            return nil
        }
        var rest = bytes[19...]
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            fraction = Array(rest.dropFirst().prefix { (0x30...0x39).contains($0) })
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard let offset = offset(Array(rest)) else { return nil }
        let digits = (fraction + Array(repeating: 0x30, count: 6)).prefix(6)
        let date = String(decoding: bytes[..<10], as: UTF8.self) + "T" + String(decoding: bytes[11..<19], as: UTF8.self)
        guard let local = canonical(date + "." + String(decoding: digits, as: UTF8.self) + "Z") else { return nil }
        // Bounded: years have four digits, offsets two digits of hours.
        return Timestamp(microseconds: local.microseconds - offset)
    }

    /// `Z`, `+08:00` or `-0530`, in microseconds east of Greenwich. A blank is an unescaped plus: in a query it decodes to a space.
    private static func offset(_ text: [UInt8]) -> Int64? {
        if text == [UInt8(ascii: "Z")] || text == [UInt8(ascii: "z")] { return 0 }
        let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard let sign = text.first, Array("+- ".utf8).contains(sign), digits.count == 4,
            digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(String(decoding: digits, as: UTF8.self)), number % 100 < 60,
            number / 100 < 24
        else { return nil }
        // Bounded: four digits.
        let minutes = number / 100 * 60 + number % 100
        return (sign == UInt8(ascii: "-") ? -minutes : minutes) * 60_000_000
    }

    private static func canonical(_ text: String) -> Timestamp? {
        var text = text
        return text.withUTF8 { Timestamp(UnsafeRawBufferPointer($0)) }
    }
}
