internal import Codecs
internal import Glibc

/// Reads members of a record's line without parsing all of it: `fields.text(.callerName)`, `fields.integer(.status)`. Of the objects that the
/// vocabulary doesn't describe, `detail` among them, members are found by their names: `fields.object(.detail)?.text("note")`.
///
/// Made for the journal's own form: no white space, no key twice. It points into the line and lives no longer.
package struct RecordFields {
    private let line: UnsafeRawBufferPointer
    private var members: [(key: Range<Int>, value: Range<Int>)] = []

    /// Reads a line without its newline; nil if it is no JSON object in the journal's form.
    package init?(_ line: UnsafeRawBufferPointer) {
        self.line = line
        guard let members = Self.members(of: line, at: 0, upTo: line.count) else { return nil }
        self.members = members
    }

    /// The raw bytes of a member.
    package func raw(_ field: RecordField) -> UnsafeRawBufferPointer? {
        guard let object = field.object else { return raw(field.name) }
        return raw(object.name).flatMap(RecordFields.init)?.raw(field.name)
    }

    /// A text with its escapes decoded.
    package func text(_ field: RecordField) -> String? { raw(field).flatMap(Self.text) }

    /// A whole number.
    package func integer(_ field: RecordField) -> Int64? { raw(field).flatMap(Self.integer) }

    /// Whether the record has such an object.
    package func has(_ object: RecordObject) -> Bool { raw(object.name) != nil }

    /// An object of the vocabulary, parsed once for several members: `member` reads it.
    package func object(_ object: RecordObject) -> RecordFields? { raw(object.name).flatMap(RecordFields.init) }

    /// The bytes of a member of the object that this was made of.
    package func member(_ field: RecordField) -> UnsafeRawBufferPointer? { raw(field.name) }

    /// A member whose value is an object that the vocabulary doesn't describe: `detail`.
    package func object(_ field: RecordField) -> RecordFields? { raw(field).flatMap(RecordFields.init) }

    /// When the record was made.
    package var time: Timestamp? {
        guard let raw = raw(.time), raw.count > 2 else { return nil }
        return Timestamp(UnsafeRawBufferPointer(rebasing: raw[1..<(raw.count - 1)]))
    }

    /// The bytes of a value by its name.
    func raw(_ name: StaticString) -> UnsafeRawBufferPointer? {
        raw(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// A text by its name.
    package func text(_ name: StaticString) -> String? { raw(name).flatMap(Self.text) }

    /// A text in a request's `detail`.
    package func text(_ detail: RecordDetail) -> String? {
        var name = detail.rawValue
        return name.withUTF8 { raw(UnsafeRawBufferPointer($0)) }.flatMap(Self.text)
    }

    /// A whole number by its name.
    package func integer(_ name: StaticString) -> Int64? { raw(name).flatMap(Self.integer) }

    /// A whole number in a request's `detail`.
    package func integer(_ detail: RecordDetail) -> Int64? {
        var name = detail.rawValue
        return name.withUTF8 { raw(UnsafeRawBufferPointer($0)) }.flatMap(Self.integer)
    }

    private static func integer(_ digits: UnsafeRawBufferPointer) -> Int64? { Int64(String(decoding: digits, as: UTF8.self)) }

    /// The content of a string whose bytes include the quotation marks; nil if it isn't one complete string.
    package static func text(_ quoted: UnsafeRawBufferPointer) -> String? {
        guard let value = JSONCursor.whole(quoted), value.isText else { return nil }
        return JSONString.unescaped(UnsafeRawBufferPointer(rebasing: quoted[value.range])).map { String(decoding: $0, as: UTF8.self) }
    }

    private func raw(_ name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let base = line.baseAddress, let wanted = name.baseAddress else { return nil }
        let found = members.first { $0.key.count == name.count && memcmp(base + $0.key.lowerBound, wanted, name.count) == 0 }
        return found.map { UnsafeRawBufferPointer(rebasing: line[$0.value]) }
    }

    private static func members(of line: UnsafeRawBufferPointer, at start: Int, upTo end: Int) -> [(key: Range<Int>, value: Range<Int>)]? {
        var cursor = JSONCursor(line, at: start, form: .compact)
        var members: [(key: Range<Int>, value: Range<Int>)] = []
        members.reserveCapacity(32)
        guard cursor.skip(UInt8(ascii: "{")) else { return nil }
        if cursor.skip(UInt8(ascii: "}")) { return cursor.position == end ? members : nil }
        repeat {
            guard let key = cursor.string(), cursor.skip(UInt8(ascii: ":")) else { return nil }
            let value = cursor.position
            guard cursor.value() != nil else { return nil }
            members.append((key, value..<cursor.position))
        } while cursor.skip(UInt8(ascii: ","))
        return cursor.skip(UInt8(ascii: "}")) && cursor.position == end ? members : nil
    }
}
