/// A non-ASCII character that a target spells as a run of percent escapes.
struct EscapedScalar {
    let value: UInt32
    /// The index after its last escape.
    let end: Int

    /// Reads the escapes from `start`, whose first one has already been decoded to `lead`.
    init(lead: UInt8, in raw: Span<UInt8>, at start: Int) throws(RequestTargetError) {
        guard let length = UTF8Sequence.length(lead: lead) else { throw .invalidUTF8(at: start) }
        var value = UTF8Sequence.leadBits(lead, length: length)
        var index = start + 3
        for position in 1..<length {
            guard index < raw.count, raw[index] == UInt8(ascii: "%"), let byte = PercentCoding.decodedByte(in: raw, at: index) else {
                throw .invalidUTF8(at: start)
            }
            let fits = position == 1 ? UTF8Sequence.isSecond(byte, after: lead) : UTF8Sequence.isContinuation(byte)
            guard fits else { throw .invalidUTF8(at: start) }
            value = value << 6 | UInt32(byte & 0x3F)
            index += 3
        }
        self.value = value
        end = index
    }

    /// Whether a parser that applies compatibility normalisation (Unicode NFKC) would read this as a character that structures a path:
    /// dots, slashes, `%`, `;`, `?` or `#`. The list is every such code point of Unicode 15.
    var structuresPathAfterNormalisation: Bool {
        switch value {
        case 0x037E, 0x2024...0x2026, 0x2047...0x2049, 0x2100, 0x2101, 0x2105, 0x2106, 0xFE14, 0xFE16, 0xFE19, 0xFE30, 0xFE52, 0xFE54,
            0xFE56, 0xFE5F, 0xFE68, 0xFE6A, 0xFF03, 0xFF05, 0xFF0E, 0xFF0F, 0xFF1B, 0xFF1F, 0xFF3C:
            true
        default: false
        }
    }

    /// Whether this is a C1 control (U+0080 to U+009F): some parsers take U+0085 for a line end.
    var isControl: Bool { (0x80...0x9F).contains(value) }
}

extension EscapedScalar {
    /// Writes the same escapes in canonical spelling.
    func append(to text: inout [UInt8], from raw: Span<UInt8>, at start: Int) {
        for index in stride(from: start, to: end, by: 3) {
            guard let byte = PercentCoding.decodedByte(in: raw, at: index) else {
                preconditionFailure("the initializer has decoded these escapes")
            }
            PercentCoding.append(byte, to: &text)
        }
    }
}
