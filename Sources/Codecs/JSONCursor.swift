/// Scans JSON text (RFC 8259) and returns the positions of its values. It builds and allocates nothing, so that the same cursor is used for records
/// of the journal, answers of the cloud, and foreign files.
package struct JSONCursor {
    /// The deepest nesting that is followed; so that no text can exhaust the stack.
    package static let depthLimit = 64

    /// Whether white space is allowed between tokens.
    package enum Form: Sendable {
        /// Any JSON.
        case any
        /// JSON of the journal, without white space.
        case compact
    }

    /// The position of a value: for a string its content without quotation marks, for others from the first byte to the last.
    package struct Value: Sendable {
        package let range: Range<Int>
        package let isText: Bool
    }

    package let bytes: UnsafeRawBufferPointer
    /// The next byte to read.
    package private(set) var position: Int
    private let form: Form

    /// Makes a cursor over bytes that outlive it.
    package init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, form: Form = .any) {
        self.bytes = bytes
        self.position = position
        self.form = form
    }

    /// The only value of a text; nil if it is no JSON, or more than one value.
    package static func whole(_ bytes: UnsafeRawBufferPointer) -> Value? {
        var cursor = JSONCursor(bytes)
        guard let value = cursor.value(), cursor.isAtEnd else { return nil }
        return value
    }

    /// Visits the members of an object, or the elements of a list, which have no name. Nothing is visited in any other value.
    ///
    /// - Parameter body: called with the position of the name, without its quotation marks, and the position of the value.
    package static func visit(_ value: Value, in bytes: UnsafeRawBufferPointer, _ body: (Range<Int>?, Value) -> Void) {
        guard !value.isText else { return }
        var cursor = JSONCursor(UnsafeRawBufferPointer(rebasing: bytes[..<value.range.upperBound]), at: value.range.lowerBound)
        let isObject = cursor.skip(UInt8(ascii: "{"))
        guard isObject || cursor.skip(UInt8(ascii: "[")) else { return }
        repeat {
            var name: Range<Int>?
            if isObject {
                guard let found = cursor.string(), cursor.skip(UInt8(ascii: ":")) else { return }
                name = found
            }
            guard let member = cursor.value() else { return }
            body(name, member)
        } while cursor.skip(UInt8(ascii: ","))
    }

    /// Whether nothing is left except allowed white space.
    package var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return position == bytes.count
        }
    }

    /// The first byte of the next token; nil at the end.
    package var next: UInt8? {
        mutating get {
            skipBlanks()
            return position < bytes.count ? bytes[position] : nil
        }
    }

    private mutating func skipBlanks() {
        guard form == .any else { return }
        while position < bytes.count, bytes[position] <= 0x20, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
    }

    /// Reads one given byte if it is next.
    package mutating func skip(_ byte: UInt8) -> Bool {
        if !isNext(byte) {
            skipBlanks()
            guard isNext(byte) else { return false }
        }
        position += 1
        return true
    }

    private func isNext(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

    /// Reads a string; returns the position of its content, or nil if it has no end or contains a control character.
    package mutating func string() -> Range<Int>? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            passPlainWords()
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

    /// Skips bytes that can't end a string, eight at a time as long as there are eight: up to a quotation mark, a backslash or a control character,
    /// or to the last bytes. Leaves at least one byte.
    private mutating func passPlainWords() {
        while position + 8 < bytes.count {
            let word = ByteWord(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let marks = word.marks(of: UInt8(ascii: "\"")) | word.marks(of: UInt8(ascii: "\\")) | word.marks(below: 0x20)
            guard marks == 0 else {
                position += marks.trailingZeroBitCount / 8
                return
            }
            position += 8
        }
    }

    /// Reads any value.
    package mutating func value() -> Value? { value(depth: 0) }

    private mutating func value(depth: Int) -> Value? {
        guard depth < Self.depthLimit, let first = next else { return nil }
        let start = position
        switch first {
        case UInt8(ascii: "\""): return string().map { Value(range: $0, isText: true) }
        case UInt8(ascii: "{"): guard list(closedBy: UInt8(ascii: "}"), keyed: true, depth) else { return nil }
        case UInt8(ascii: "["): guard list(closedBy: UInt8(ascii: "]"), keyed: false, depth) else { return nil }
        case UInt8(ascii: "t"): guard word("true") else { return nil }
        case UInt8(ascii: "f"): guard word("false") else { return nil }
        case UInt8(ascii: "n"): guard word("null") else { return nil }
        default: guard number() else { return nil }
        }
        return Value(range: start..<position, isText: false)
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

    private mutating func word(_ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount {
            guard position < bytes.count, bytes[position] == word.utf8Start[index] else { return false }
            position += 1
        }
        return true
    }

    private mutating func number() -> Bool {
        if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        guard digits() else { return false }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() else { return false }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        return position > start
    }
}
