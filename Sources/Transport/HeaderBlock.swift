/// The fields of a received head, in order and as received.
///
/// The bytes stay where they were copied to when they arrived, one block for all fields, because most fields are only passed on: a `String` is made
/// only for fields that are read, and bytes that are not UTF-8 (obs-text, RFC 9110 section 5.5) are preserved by ``withBytes(at:_:)``. Each field is
/// stored as a whole line, so that passing it on to HTTP/1.1 is one copy instead of four.
package struct HeaderBlock: Sendable, RandomAccessCollection {
    /// Position of one field's line in the block; 32 bits suffice for ``TransportLimits/responseHeadBytes``.
    struct Entry: Sendable {
        let start: UInt32
        let nameEnd: UInt32
        /// Index after the line end.
        let end: UInt32

        var nameLength: Int { Int(nameEnd &- start) }
        var line: Range<Int> { Int(start)..<Int(end) }
        var name: Range<Int> { Int(start)..<Int(nameEnd) }
        var value: Range<Int> { Int(nameEnd) + HeaderBlock.separatorLength..<Int(end) - HeaderBlock.lineEndLength }
    }

    /// A colon and a space.
    private static let separatorLength = 2
    /// CRLF.
    private static let lineEndLength = 2

    /// `name: value` and CRLF, for each field.
    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Reserves memory for fields that are about to arrive.
    mutating func reserve(bytes count: Int, fields: Int) {
        bytes.reserveCapacity(count)
        entries.reserveCapacity(fields)
    }

    /// Blocks beyond this size, in bytes, are rare and not kept.
    private static let keptBytes = 4 << 10

    /// Removes all fields. Keeps the memory for the next head: two allocations less for each answer.
    mutating func removeAll() {
        guard bytes.capacity <= Self.keptBytes else {
            self = HeaderBlock()
            return
        }
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Adds a field. Nearly all fields arrive in the form in which they are stored, so that one copy suffices.
    /// - Parameter line: the field as it arrived, its line end included; it begins with the name.
    mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, line: UnsafeRawBufferPointer) {
        let start = bytes.count
        if line.count == name.count + Self.separatorLength + value.count + Self.lineEndLength, line[name.count + 1] == UInt8(ascii: " "),
            line[line.count - 2] == UInt8(ascii: "\r"), line[line.count - 1] == UInt8(ascii: "\n")
        {
            bytes.append(contentsOf: line)
        } else {
            bytes.append(contentsOf: name)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: value)
            bytes.append(UInt8(ascii: "\r"))
            bytes.append(UInt8(ascii: "\n"))
        }
        entries.append(Entry(start: UInt32(start), nameEnd: UInt32(start + name.count), end: UInt32(bytes.count)))
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    package subscript(position: Int) -> HeaderField {
        withBytes(at: position) { name, value in
            HeaderField(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    /// Calls `body` with one field's name and value as received.
    package func withBytes<Result>(
        at position: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let entry = entries[position]
        return bytes.withUnsafeBytes { block in
            body(
                UnsafeRawBufferPointer(rebasing: block[entry.name]),
                UnsafeRawBufferPointer(rebasing: block[entry.value])
            )
        }
    }

    /// Calls `body` with all fields, in order, as lines of HTTP/1.1: `name: value` and CRLF.
    package func forEachLine(_ body: (_ name: UnsafeRawBufferPointer, _ line: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { block in
            for entry in entries {
                body(UnsafeRawBufferPointer(rebasing: block[entry.name]), UnsafeRawBufferPointer(rebasing: block[entry.line]))
            }
        }
    }

    /// Whether a field of this name has a value for which `judge` returns true.
    package func hasField(named name: StaticString, whose judge: (_ value: UnsafeRawBufferPointer) -> Bool) -> Bool {
        for position in entries.indices where isNamed(name, at: position) {
            if withBytes(at: position, { _, value in judge(value) }) { return true }
        }
        return false
    }

    /// Bytes of all lines.
    package var byteCount: Int { bytes.count }

    /// The values of all fields of this name, in order; names are compared without regard to ASCII case.
    package func values(named name: StaticString) -> [String] {
        indices.compactMap { isNamed(name, at: $0) ? self[$0].value : nil }
    }

    /// The value of the first field of this name.
    package func first(named name: StaticString) -> String? {
        firstPosition(named: name).map { self[$0].value }
    }

    /// Position of the first field of this name, without regard to ASCII case. Lengths are compared first, so that hardly any name is read.
    package func firstPosition(named name: StaticString) -> Int? {
        for position in entries.indices where isNamed(name, at: position) { return position }
        return nil
    }

    /// Whether the field at `position` has this name, without regard to ASCII case.
    package func isNamed(_ name: StaticString, at position: Int) -> Bool {
        let entry = entries[position]
        guard entry.nameLength == name.utf8CodeUnitCount else { return false }
        return bytes.withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[entry.name]).isNamed(name) }
    }
}

extension UInt8 {
    /// The letter in lower case; every other byte as it is.
    var lowercasedASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
