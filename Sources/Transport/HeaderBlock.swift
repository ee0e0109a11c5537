/// The fields of a received head, in order and as received.
///
/// The bytes stay where they were copied to when they arrived, one block for all fields, because most fields are only passed on:
/// a `String` is made for the fields that somebody reads, and bytes that are not UTF-8 (obs-text, RFC 9110 section 5.5) pass unharmed
/// through ``withBytes(at:_:)``.
package struct HeaderBlock: Sendable, RandomAccessCollection {
    /// Where one field stands in the block; 32 bits suffice for ``TransportLimits/responseHeadBytes``.
    struct Entry: Sendable {
        var nameStart: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32
    }

    var bytes: [UInt8] = []
    var entries: [Entry] = []

    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    package subscript(position: Int) -> HeaderField {
        withBytes(at: position) { name, value in
            HeaderField(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    /// Lends one field's name and value as the bytes that arrived.
    package func withBytes<Result>(
        at position: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let entry = entries[position]
        return bytes.withUnsafeBytes { block in
            body(
                UnsafeRawBufferPointer(rebasing: block[Int(entry.nameStart)..<Int(entry.nameEnd)]),
                UnsafeRawBufferPointer(rebasing: block[Int(entry.valueStart)..<Int(entry.valueEnd)])
            )
        }
    }

    /// Lends all fields, in order, as the bytes that arrived.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { block in
            for entry in entries {
                body(
                    UnsafeRawBufferPointer(rebasing: block[Int(entry.nameStart)..<Int(entry.nameEnd)]),
                    UnsafeRawBufferPointer(rebasing: block[Int(entry.valueStart)..<Int(entry.valueEnd)])
                )
            }
        }
    }

    /// Bytes of all names and values.
    package var byteCount: Int { bytes.count }

    /// The values of all fields of this name, in order; names are compared without regard to ASCII case.
    package func values(named name: StaticString) -> [String] {
        indices.compactMap { isNamed(name, at: $0) ? self[$0].value : nil }
    }

    /// The value of the first field of this name.
    package func first(named name: StaticString) -> String? {
        firstPosition(named: name).map { self[$0].value }
    }

    /// Where the first field of this name stands, without regard to ASCII case. Lengths are compared first, so that hardly any name is read.
    package func firstPosition(named name: StaticString) -> Int? {
        for position in entries.indices where isNamed(name, at: position) { return position }
        return nil
    }

    /// Whether the field at `position` has this name, without regard to ASCII case.
    package func isNamed(_ name: StaticString, at position: Int) -> Bool {
        let entry = entries[position]
        guard Int(entry.nameEnd - entry.nameStart) == name.utf8CodeUnitCount else { return false }
        return withBytes(at: position) { candidate, _ in candidate.isNamed(name) }
    }
}

extension UnsafeRawBufferPointer {
    /// Compares two texts without regard to ASCII case.
    func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}

extension UInt8 {
    /// The letter in lower case; every other byte as it is.
    var lowercasedASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
