import Audit
import Codecs
import Glibc

/// Finds the fields of a line without building values. One scanner reads line after line and allocates nothing: the index reads millions.
struct RecordScanner {
    /// The range of each field's value in the line; a string's without its quotation marks.
    private(set) var ranges = [Range<Int>](repeating: 0..<0, count: RecordField.allCases.count)
    private static let keys = RecordKey.all

    /// The range of a field's value; empty when the line has no such field.
    subscript(_ field: RecordField) -> Range<Int> { ranges[field.rawValue] }

    /// A field's bytes in the line that was read last; none when the line has no such field.
    @inline(__always)
    func bytes(of field: RecordField, in line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: line[ranges[field.rawValue]])
    }

    /// Reads a line without its newline; false when it is not a record.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Bool {
        clear()
        let line = CompactLine(bytes: bytes)
        let isRead = ranges.withUnsafeMutableBufferPointer { line.find($0) }
        guard isRead || scanAnyForm(bytes) else { return false }
        return !self[.sequence].isEmpty && !self[.phase].isEmpty && !self[.time].isEmpty
    }

    /// Reads the members of any JSON object, in any order and with blanks.
    mutating func scanAnyForm(_ bytes: UnsafeRawBufferPointer) -> Bool {
        clear()
        var cursor = JSONCursor(bytes)
        return scan(Self.keys, &cursor) && cursor.isAtEnd
    }

    private mutating func clear() { ranges.withUnsafeMutableBufferPointer { $0.update(repeating: 0..<0) } }

    private mutating func scan(_ keys: [RecordKey], _ cursor: inout JSONCursor) -> Bool {
        guard cursor.skip(UInt8(ascii: "{")) else { return false }
        if cursor.skip(UInt8(ascii: "}")) { return true }
        var expected = 0
        repeat {
            guard let name = cursor.string(), cursor.skip(UInt8(ascii: ":")) else { return false }
            let found = Self.find(UnsafeRawBufferPointer(rebasing: cursor.bytes[name]), keys, from: expected)
            if let found { expected = found + 1 }
            if let found, !keys[found].inner.isEmpty, cursor.next == UInt8(ascii: "{") {
                guard scan(keys[found].inner, &cursor) else { return false }
            } else {
                guard let value = cursor.value() else { return false }
                if let found, let field = keys[found].field { ranges[field.rawValue] = value.range }
            }
        } while cursor.skip(UInt8(ascii: ","))
        return cursor.skip(UInt8(ascii: "}"))
    }

    /// The index of the key of this name: first where it is expected, then everywhere.
    private static func find(_ name: UnsafeRawBufferPointer, _ keys: [RecordKey], from expected: Int) -> Int? {
        var index = expected
        for _ in keys.indices {
            if index >= keys.count { index = 0 }
            if keys[index].isNamed(name) { return index }
            index += 1
        }
        return nil
    }
}

/// A key of the record and the kind of its value: a member of the vocabulary, or an object of members.
private struct RecordKey: Sendable {
    let name: [UInt8]
    let field: RecordField?
    var inner: [RecordKey] = []

    private init(_ name: UnsafeRawBufferPointer, _ field: RecordField?) {
        self.name = Array(name)
        self.field = field
    }

    func isNamed(_ other: UnsafeRawBufferPointer) -> Bool {
        guard name.count == other.count, let theirs = other.baseAddress else { return false }
        return name.withUnsafeBytes { ours in ours.baseAddress.map { memcmp($0, theirs, other.count) == 0 } ?? false }
    }

    /// In the order in which the journal writes them, which is where a reader searches first.
    static let all: [RecordKey] = {
        var keys: [RecordKey] = []
        var current: RecordObject?
        for field in RecordField.allCases {
            if let object = field.object {
                if object != current { keys.append(RecordKey(object.name, nil)) }
                keys[keys.count - 1].inner.append(RecordKey(field.name, field))
            } else {
                keys.append(RecordKey(field.name, field))
            }
            current = field.object
        }
        return keys
    }()
}
