/// One backslash escape of a JSON string (RFC 8259 section 7); a surrogate pair counts as one.
struct JSONEscape {
    let scalar: Unicode.Scalar
    /// Index after its last byte.
    let end: Int

    init(in json: Span<UInt8>, at backslash: Int) throws(JSONFault) {
        guard backslash + 1 < json.count else { throw .unexpectedEnd }
        let letter = json[backslash + 1]
        if letter == UInt8(ascii: "u") {
            let unit = try Self.codeUnit(in: json, at: backslash)
            let (value, end) = try Self.pair(of: unit, in: json, at: backslash)
            guard let scalar = Unicode.Scalar(value) else { throw .loneSurrogate(at: backslash) }
            self.scalar = scalar
            self.end = end
        } else {
            guard let byte = Self.short(letter) else { throw .invalidEscape(at: backslash) }
            scalar = Unicode.Scalar(byte)
            end = backslash + 2
        }
    }

    private static func short(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Completes a high surrogate with the low one that must follow it.
    private static func pair(of unit: UInt32, in json: Span<UInt8>, at backslash: Int) throws(JSONFault) -> (UInt32, Int) {
        let next = backslash + 6
        guard (0xD800...0xDBFF).contains(unit) else { return (unit, next) }
        guard next + 1 < json.count, json[next] == UInt8(ascii: "\\"), json[next + 1] == UInt8(ascii: "u") else {
            throw .loneSurrogate(at: backslash)
        }
        let low = try codeUnit(in: json, at: next)
        guard (0xDC00...0xDFFF).contains(low) else { throw .loneSurrogate(at: backslash) }
        return (0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00), next + 6)
    }

    private static func codeUnit(in json: Span<UInt8>, at backslash: Int) throws(JSONFault) -> UInt32 {
        guard backslash + 5 < json.count else { throw .unexpectedEnd }
        var value: UInt32 = 0
        for index in backslash + 2..<backslash + 6 {
            guard let digit = PercentCoding.hexValue(json[index]) else { throw .invalidEscape(at: backslash) }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
