internal import Codecs

extension Timestamp {
    /// Reads the one form that records have, `2026-01-31T23:59:59.000001Z`; nothing for any other.
    package init?(_ text: UnsafeRawBufferPointer) {
        let template: StaticString = "0000-00-00T00:00:00.000000Z"
        guard text.count == TimestampFormatter.length else { return nil }
        for position in 0..<text.count {
            let expected = template.utf8Start[position]
            guard expected == 0x30 ? (0x30...0x39).contains(text[position]) : text[position] == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 * 10 + Int(text[$1] - 0x30) }
        }
        let date = CivilDate(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        guard let seconds = date?.seconds(hour: number(11..<13), minute: number(14..<16), second: number(17..<19)) else { return nil }
        self.init(microseconds: seconds * 1_000_000 + Int64(number(20..<26)))
    }
}
