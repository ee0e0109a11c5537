/// Reads the decoded bytes of a canonical range one by one, so that decoded text can be compared without being stored.
struct CanonicalReader {
    private var index: Int
    private let end: Int

    init(range: Range<Int>) {
        index = range.lowerBound
        end = range.upperBound
    }

    /// The next decoded byte. In canonical text every `%` begins a valid escape, so nothing is checked here.
    @inline(__always)
    mutating func next(in text: ArraySlice<UInt8>) -> UInt8? {
        guard index < end else { return nil }
        let byte = text[index]
        guard byte == UInt8(ascii: "%"), let high = PercentCoding.hexValue(text[index + 1]),
            let low = PercentCoding.hexValue(text[index + 2])
        else {
            index += 1
            return byte
        }
        index += 3
        return high << 4 | low
    }
}
