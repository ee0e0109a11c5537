extension JSONScanner {
    /// The byte at `index`; the end of the input is an error here.
    @inline(__always)
    func peek(_ json: Span<UInt8>) throws(JSONFault) -> UInt8 {
        guard index < json.count else { throw .unexpectedEnd }
        return json[index]
    }

    /// Skips the four white space bytes of RFC 8259 section 2.
    @inline(__always)
    mutating func skipSpace(_ json: Span<UInt8>) {
        while index < json.count, Self.space.contains(json[index]) {
            index += 1
        }
    }

    mutating func scanLiteral(_ literal: StaticString, _ json: Span<UInt8>) throws(JSONFault) {
        for offset in 0..<literal.utf8CodeUnitCount {
            let byte = try peek(json)
            guard byte == literal.utf8Start[offset] else { throw .unexpectedByte(byte, at: index) }
            index += 1
        }
    }

    /// `-`? int frac? exp? (RFC 8259 section 6).
    mutating func scanNumber(_ json: Span<UInt8>) throws(JSONFault) {
        let start = index
        if json[index] == UInt8(ascii: "-") { index += 1 }
        let integer = index
        guard skipDigits(json) > 0 else { throw .invalidNumber(at: start) }
        if json[integer] == UInt8(ascii: "0"), index > integer + 1 { throw .invalidNumber(at: start) }
        if index < json.count, json[index] == UInt8(ascii: ".") {
            index += 1
            guard skipDigits(json) > 0 else { throw .invalidNumber(at: start) }
        }
        if index < json.count, json[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < json.count, json[index] == UInt8(ascii: "+") || json[index] == UInt8(ascii: "-") { index += 1 }
            guard skipDigits(json) > 0 else { throw .invalidNumber(at: start) }
        }
    }

    private mutating func skipDigits(_ json: Span<UInt8>) -> Int {
        let start = index
        while index < json.count, json[index] &- UInt8(ascii: "0") < 10 {
            index += 1
        }
        return index - start
    }

    /// Tab, line feed, carriage return and space.
    private static let space = ByteSet(low: 0x0000_0001_0000_2600, high: 0)
}
