import Codecs

/// Times in the formats of identity services, in seconds since 1970-01-01T00:00:00Z.
package enum ServiceTime {
    /// `2020-01-04T09:05:22.701000Z`, with or without a fraction: some services omit it (protocol page b.4). Fractions are dropped.
    package static func seconds(iso text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ")
        else { return nil }
        let rest = bytes[19...]
        let isUTC = rest.last == UInt8(ascii: "Z") || rest.suffix(6).elementsEqual("+00:00".utf8)
        guard isUTC, rest.first == UInt8(ascii: ".") || rest.count == 1 || rest.count == 6 else { return nil }
        return seconds(
            number(bytes[0..<4]), number(bytes[5..<7]), number(bytes[8..<10]), number(bytes[11..<13]), number(bytes[14..<16]),
            number(bytes[17..<19])
        )
    }

    /// `Mon, 23 Nov 2026 08:15:30 GMT` (RFC 9110 section 5.6.7); the two obsolete forms are not read.
    static func seconds(http bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), bytes[26] == UInt8(ascii: "G") else { return nil }
        let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
        let month = (0..<12).first { month in (0..<3).allSatisfy { months.utf8Start[3 * month + $0] == bytes[8 + $0] } }
        guard let month else { return nil }
        return seconds(
            number(bytes[12..<16]), month + 1, number(bytes[5..<7]), number(bytes[17..<19]), number(bytes[20..<22]), number(bytes[23..<25])
        )
    }

    /// The same, of a text.
    package static func seconds(http text: String) -> Int64? {
        var text = text
        return text.withUTF8 { seconds(http: UnsafeRawBufferPointer($0)) }
    }

    private static func number(_ digits: some Sequence<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func seconds(_ year: Int?, _ month: Int?, _ day: Int?, _ hour: Int?, _ minute: Int?, _ second: Int?) -> Int64? {
        guard let year, year >= 1970, let month, let day, let hour, let minute, let second else { return nil }
        // A leap second counts as the end of the second before it.
        return CivilDate(year: year, month: month, day: day)?.seconds(hour: hour, minute: minute, second: second == 60 ? 59 : second)
    }
}
