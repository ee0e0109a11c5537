internal import Codecs
internal import Glibc

/// Looks into a record's line without building values from all of it: `fields.text("caller", "name")`, `fields.integer("status")`.
///
/// Made for the journal's own form: no white space, no key twice. It points into the line and lives no longer.
package struct RecordFields {
    private let line: UnsafeRawBufferPointer
    private var members: [(key: Range<Int>, value: Range<Int>)] = []

    /// Reads a line without its newline; nothing when it is no JSON object of the journal's form.
    package init?(_ line: UnsafeRawBufferPointer) {
        self.line = line
        guard let members = Self.members(of: line, at: 0, upTo: line.count) else { return nil }
        self.members = members
    }

    /// The bytes of a value as they stand in the line; of one in a nested object when two names are given.
    package func raw(_ key: StaticString, _ inner: StaticString? = nil) -> UnsafeRawBufferPointer? {
        guard var value = Self.find(key, in: members, line) else { return nil }
        if let inner {
            guard let nested = Self.members(of: line, at: value.lowerBound, upTo: value.upperBound),
                let found = Self.find(inner, in: nested, line)
            else { return nil }
            value = found
        }
        return UnsafeRawBufferPointer(rebasing: line[value])
    }

    /// A nested object, read once for several of its values.
    package func object(_ key: StaticString) -> RecordFields? { raw(key).flatMap(RecordFields.init) }

    /// A string, its escapes resolved.
    package func text(_ key: StaticString, _ inner: StaticString? = nil) -> String? {
        raw(key, inner).flatMap(Self.text)
    }

    /// An integer.
    package func integer(_ key: StaticString, _ inner: StaticString? = nil) -> Int64? {
        raw(key, inner).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
    }

    /// A truth value.
    package func boolean(_ key: StaticString, _ inner: StaticString? = nil) -> Bool? {
        raw(key, inner).flatMap { Bool(String(decoding: $0, as: UTF8.self)) }
    }

    /// What a string says, its quotation marks included in the bytes; nothing when it isn't one whole string.
    static func text(_ quoted: UnsafeRawBufferPointer) -> String? {
        guard let value = JSONCursor.whole(quoted), value.isText else { return nil }
        return JSONString.unescaped(UnsafeRawBufferPointer(rebasing: quoted[value.range])).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func find(
        _ key: StaticString, in members: [(key: Range<Int>, value: Range<Int>)], _ line: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        guard let base = line.baseAddress else { return nil }
        let count = key.utf8CodeUnitCount
        return members.first { $0.key.count == count && memcmp(base + $0.key.lowerBound, key.utf8Start, count) == 0 }?.value
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
