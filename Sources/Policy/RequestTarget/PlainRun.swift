/// Finds the end of a run of plain ASCII in a JSON string, eight bytes at a step.
enum PlainRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The first index from `start` on that holds a quotation mark, a backslash, a control character or a byte above 0x7F, or the end.
    static func end(in json: Span<UInt8>, from start: Int) -> Int {
        var index = start
        let words = json.bytes
        while index + 8 <= json.count {
            let word = words.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let special = specials(in: UInt64(littleEndian: word))
            if special != 0 { return index + special.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < json.count, isPlain(json[index]) {
            index += 1
        }
        return index
    }

    /// The high bit of each byte that is special. A borrow can mark a byte wrongly only after a byte that is special, and only the first mark is
    /// used.
    @inline(__always)
    private static func specials(in word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let quoteMarks = (quotes &- ones) & ~quotes
        let backslashMarks = (backslashes &- ones) & ~backslashes
        let controlMarks = (word &- ones &* 0x20) & ~word
        return (quoteMarks | backslashMarks | controlMarks | word) & highBits
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
