/// Walks over JSON text in the form the journal writes it (no white space, integers only) and says where things end.
struct JSONScanner {
    /// The deepest nesting that is followed: the record, its objects, and the free values within.
    private static let depthLimit = FieldValue.depthLimit + 4

    private let bytes: UnsafeRawBufferPointer
    /// The next byte to read.
    private(set) var position: Int

    /// Makes a scanner over bytes that outlive it.
    init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Whether every byte was read.
    var isAtEnd: Bool { position == bytes.count }

    /// Reads one given byte if it is next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads a string; gives where its content lies, or nothing when it does not end or holds a control byte.
    mutating func scanString() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return start..<position - 1 }
            if byte < 0x20 { return nil }
            if byte == UInt8(ascii: "\\") { position += 1 }
        }
        return nil
    }

    /// Reads any value.
    mutating func scanValue(depth: Int = 0) -> Bool {
        guard depth < Self.depthLimit, position < bytes.count else { return false }
        switch bytes[position] {
        case UInt8(ascii: "\""): return scanString() != nil
        case UInt8(ascii: "{"): return scanList(end: UInt8(ascii: "}"), keyed: true, depth: depth)
        case UInt8(ascii: "["): return scanList(end: UInt8(ascii: "]"), keyed: false, depth: depth)
        case UInt8(ascii: "t"): return scanWord("true")
        case UInt8(ascii: "f"): return scanWord("false")
        case UInt8(ascii: "n"): return scanWord("null")
        default: return scanInteger()
        }
    }

    private mutating func scanList(end: UInt8, keyed: Bool, depth: Int) -> Bool {
        position += 1
        if skip(end) { return true }
        repeat {
            if keyed, scanString() == nil || !skip(UInt8(ascii: ":")) { return false }
            guard scanValue(depth: depth + 1) else { return false }
        } while skip(UInt8(ascii: ","))
        return skip(end)
    }

    private mutating func scanWord(_ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount where !skip(word.utf8Start[index]) { return false }
        return true
    }

    private mutating func scanInteger() -> Bool {
        _ = skip(UInt8(ascii: "-"))
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position > start
    }
}
