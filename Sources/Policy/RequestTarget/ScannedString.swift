/// A well-formed string in JSON text, as its position.
struct ScannedString {
    /// Index after the opening quotation mark.
    let start: Int
    /// Index after the closing quotation mark.
    let end: Int

    /// Reads the string whose quotation mark stands at `quote` (RFC 8259 section 7).
    init(in json: Span<UInt8>, at quote: Int) throws(JSONFault) {
        start = quote + 1
        var index = start
        while true {
            index = PlainRun.end(in: json, from: index)
            guard index < json.count else { throw .unexpectedEnd }
            let byte = json[index]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                index = try JSONEscape(in: json, at: index).end
            } else if byte < 0x20 {
                throw .controlCharacter(at: index)
            } else {
                index = try Self.endOfSequence(in: json, at: index)
            }
        }
        end = index + 1
    }

    /// Whether the string is long enough to hold a name of that many letters; escapes only make a spelling longer.
    @inline(__always)
    func mayHold(count: Int) -> Bool { end - start > count }

    /// The decoded content of the string, in UTF-8.
    func decoded(in json: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(end - start)
        var index = start
        while index < end - 1 {
            if json[index] == UInt8(ascii: "\\"), let escape = try? JSONEscape(in: json, at: index) {
                bytes.append(contentsOf: Character(escape.scalar).utf8)
                index = escape.end
            } else {
                bytes.append(json[index])
                index += 1
            }
        }
        return bytes
    }

    private static func endOfSequence(in json: Span<UInt8>, at start: Int) throws(JSONFault) -> Int {
        guard let length = UTF8Sequence.length(lead: json[start]), start + length <= json.count else { throw .invalidUTF8(at: start) }
        guard UTF8Sequence.isSecond(json[start + 1], after: json[start]) else { throw .invalidUTF8(at: start) }
        for offset in 2..<max(2, length) where !UTF8Sequence.isContinuation(json[start + offset]) {
            throw .invalidUTF8(at: start)
        }
        return start + length
    }
}
