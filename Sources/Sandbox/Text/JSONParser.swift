/// A strict JSON reader (RFC 8259), with a bound on nesting so that hostile input can't exhaust the stack.
struct JSONParser {
    private static let deepestNesting = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Reads one document; anything after it except white space is an error.
    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONSyntaxError(offset: 0) }
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.syntaxError }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var syntaxError: JSONSyntaxError { JSONSyntaxError(offset: position) }
    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.deepestNesting else { throw syntaxError }
        depth += 1
        position += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw syntaxError }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw syntaxError }
            members.append(JSONValue.Member(key: key, value: try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw syntaxError }
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw syntaxError }
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for byte in word.utf8 {
            guard take(byte) else { throw syntaxError }
        }
        return value
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw syntaxError }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        return Int64(text).map(JSONValue.integer) ?? .number(text)
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var output: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &output)
            case 0..<0x20: throw syntaxError
            default:
                output.append(byte)
                position += 1
            }
        }
        throw syntaxError
    }

    private mutating func escape(into output: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = current else { throw syntaxError }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): output += Array(String(Character(try scalar())).utf8)
        default: throw syntaxError
        }
    }

    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // A high surrogate must be followed by the escape of its low half (RFC 8259, section 7).
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), (0xD800...0xDBFF).contains(first) else { throw syntaxError }
        let second = try codeUnit()
        let combined = 0x10000 + ((first - 0xD800) << 10) + (second &- 0xDC00)
        guard (0xDC00...0xDFFF).contains(second), let scalar = Unicode.Scalar(combined) else { throw syntaxError }
        return scalar
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Hexadecimal.value(byte) else { throw syntaxError }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }
}

/// Why a text is not JSON: the offset of the first invalid byte.
struct JSONSyntaxError: Error, Equatable {
    var offset: Int
}
