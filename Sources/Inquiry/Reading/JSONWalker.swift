/// Walks over JSON text and says where its values lie. White space between tokens is allowed: a reader's file may have been formatted.
struct JSONWalker {
    /// The deepest nesting that is followed; no text can exhaust the stack.
    static let depthLimit = 64

    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// Whether nothing but white space is left.
    var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return position == bytes.count
        }
    }

    /// Whether an object begins here.
    var isAtObject: Bool {
        mutating get {
            skipBlanks()
            return position < bytes.count && bytes[position] == UInt8(ascii: "{")
        }
    }

    mutating func skipBlanks() {
        while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
    }

    /// Reads one given byte if it is next.
    mutating func skip(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads a string; gives where its content lies.
    mutating func string() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position - 1
            }
            if byte < 0x20 { return nil }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// Reads any value; gives where it lies, a string's content without its quotation marks.
    mutating func value(depth: Int = 0) -> Range<Int>? {
        skipBlanks()
        guard depth < Self.depthLimit, position < bytes.count else { return nil }
        let start = position
        switch bytes[position] {
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "{"): return list(closedBy: UInt8(ascii: "}"), keyed: true, depth) ? start..<position : nil
        case UInt8(ascii: "["): return list(closedBy: UInt8(ascii: "]"), keyed: false, depth) ? start..<position : nil
        default:
            while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
            return position > start ? start..<position : nil
        }
    }

    private mutating func list(closedBy end: UInt8, keyed: Bool, _ depth: Int) -> Bool {
        position += 1
        if skip(end) { return true }
        repeat {
            if keyed, string() == nil || !skip(UInt8(ascii: ":")) { return false }
            guard value(depth: depth + 1) != nil else { return false }
        } while skip(UInt8(ascii: ","))
        return skip(end)
    }

    /// What numbers, `true`, `false` and `null` are made of.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
