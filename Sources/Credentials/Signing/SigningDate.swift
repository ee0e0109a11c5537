import Codecs

/// The value of `X-Sdk-Date`: `YYYYMMDDTHHMMSSZ` in UTC (protocol page a.4).
struct SigningDate: Sendable {
    /// 16 ASCII bytes.
    let text: InlineArray<16, UInt8>
    let time: SigningTime

    init(_ time: SigningTime) {
        self.time = time
        let seconds = Int(time.secondsSinceEpoch)
        let date = CivilDate(daysSinceEpoch: seconds / 86_400)
        let second = seconds % 86_400
        var text = InlineArray<16, UInt8>(repeating: UInt8(ascii: "0"))
        Self.write(date.year / 100, to: &text, at: 0)
        Self.write(date.year % 100, to: &text, at: 2)
        Self.write(date.month, to: &text, at: 4)
        Self.write(date.day, to: &text, at: 6)
        text[8] = UInt8(ascii: "T")
        Self.write(second / 3600, to: &text, at: 9)
        Self.write(second / 60 % 60, to: &text, at: 11)
        Self.write(second % 60, to: &text, at: 13)
        text[15] = UInt8(ascii: "Z")
        self.text = text
    }

    private static func write(_ value: Int, to text: inout InlineArray<16, UInt8>, at index: Int) {
        text[index] = UInt8(ascii: "0") + UInt8(value / 10)
        text[index + 1] = UInt8(ascii: "0") + UInt8(value % 10)
    }
}
