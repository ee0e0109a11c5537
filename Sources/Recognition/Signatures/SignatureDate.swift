import Codecs

/// `YYYYMMDDTHHMMSSZ`, the form of `X-Sdk-Date` (protocol page a.4), read to seconds since 1970-01-01T00:00:00Z.
enum SignatureDate {
    /// How far the date may be from the gateway's clock, seconds (protocol page a.8).
    static let window: Int64 = 15 * 60

    static func seconds(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(Int?(0)) { sum, byte in
                guard let sum, byte &- 0x30 < 10 else { return nil }
                return sum * 10 + Int(byte - 0x30)
            }
        }
        guard let year = number(0..<4), year >= 1970, let month = number(4..<6), let day = number(6..<8), let hour = number(9..<11),
            let minute = number(11..<13), let second = number(13..<15)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.seconds(hour: hour, minute: minute, second: second)
    }
}
