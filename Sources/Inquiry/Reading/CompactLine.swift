import Audit
import Codecs

/// Reads a line as the journal writes it: members in their order, nothing between them. Keys are compared eight bytes at a time and values skipped
/// in place, which takes a fifth of the instructions of a general JSON parser. A line in another form is no fault: the general parser reads it.
///
/// Invariant: whatever this accepts as a record, that parser reads as the same record.
struct CompactLine {
    let bytes: UnsafeRawBufferPointer

    /// The ranges of the members' values, by the members' raw values; false when the form is unknown, and then some may have
    /// been set.
    func find(_ ranges: UnsafeMutableBufferPointer<Range<Int>>) -> Bool {
        CompactKeys.all.members.withUnsafeBufferPointer { find($0, ranges) }
    }

    /// One loop for the record and the objects in it, so that the position stays in a register.
    private func find(_ keys: UnsafeBufferPointer<CompactKey>, _ ranges: UnsafeMutableBufferPointer<Range<Int>>) -> Bool {
        let top = CompactKeys.all.top
        guard bytes.first == UInt8(ascii: "{") else { return false }
        var position = 1
        // The members that may come next, and in an object those that may come after it.
        var candidates = top
        var behind: Int?
        while true {
            guard let found = key(at: position, candidates, keys) else { return false }
            position += keys[found].length
            guard keys[found].inner.isEmpty else {
                guard position < bytes.count, bytes[position] == UInt8(ascii: "{") else { return false }
                position += 1
                behind = found + 1
                candidates = keys[found].inner
                continue
            }
            guard let value = value(at: &position) else { return false }
            ranges[keys[found].field] = value
            candidates = found + 1..<candidates.upperBound
            guard position < bytes.count else { return false }
            if let next = behind, bytes[position] == UInt8(ascii: "}") {
                position += 1
                behind = nil
                candidates = next..<top.upperBound
                guard position < bytes.count else { return false }
            }
            position += 1
            guard bytes[position - 1] == UInt8(ascii: ",") else {
                return bytes[position - 1] == UInt8(ascii: "}") && behind == nil && position == bytes.count
            }
        }
    }

    /// The member that begins here, of those that may come.
    @inline(__always)
    private func key(at position: Int, _ candidates: Range<Int>, _ keys: UnsafeBufferPointer<CompactKey>) -> Int? {
        // A key and a value take more than eight bytes, except at the end of a line that is cut off.
        guard position + 8 <= bytes.count else { return nil }
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        var index = candidates.lowerBound
        while index < candidates.upperBound {
            if word & keys[index].mask == keys[index].word, isRest(of: keys[index], at: position) { return index }
            index += 1
        }
        return nil
    }

    /// Whether the rest of a key after its first eight bytes matches too.
    @inline(__always)
    private func isRest(of key: CompactKey, at position: Int) -> Bool {
        guard key.length > 8 else { return true }
        guard position + key.length <= bytes.count else { return false }
        guard bytes.loadUnaligned(fromByteOffset: position + key.length - 8, as: UInt64.self) == key.end else { return false }
        return key.length <= 16 || bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self) == key.middle
    }

    /// Skips a value: a string, a number without sign and fraction, or anything else that the general parser skips.
    @inline(__always)
    private func value(at position: inout Int) -> Range<Int>? {
        guard position < bytes.count else { return nil }
        let start = position
        if bytes[start] == UInt8(ascii: "\"") {
            guard let end = end(ofText: start + 1) else { return nil }
            position = end + 1
            return start + 1..<end
        }
        var place = start
        while place < bytes.count, bytes[place] &- 0x30 < 10 { place += 1 }
        if place > start, place < bytes.count, bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "}") {
            position = place
            return start..<place
        }
        var cursor = JSONCursor(bytes, at: start)
        guard let value = cursor.value() else { return nil }
        position = cursor.position
        return value.range
    }

    /// The quotation mark that ends a string.
    @inline(__always)
    private func end(ofText start: Int) -> Int? {
        var place = start
        while place < bytes.count {
            if place + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                // The top bit of each byte that may be a quotation mark, a control character or a blank; or a backslash. The lowest one is
                // exact.
                let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
                let marks = ((word &- 0x2323_2323_2323_2323) & ~word | (slashes &- 0x0101_0101_0101_0101) & ~slashes) & 0x8080_8080_8080_8080
                guard marks != 0 else {
                    place += 8
                    continue
                }
                place += marks.trailingZeroBitCount / 8
            }
            let byte = bytes[place]
            if byte == UInt8(ascii: "\"") { return place }
            guard byte >= 0x20 else { return nil }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }
}

/// A member's key as it is in a line, `"name":`, or an object's.
private struct CompactKey: Sendable {
    /// The first eight bytes, or as many as there are.
    let word: UInt64
    let mask: UInt64
    let length: Int
    /// The last eight bytes of a longer key, and those after the first eight.
    let (end, middle): (UInt64, UInt64)
    /// The member's raw value.
    let field: Int
    /// The range of the object's members among all keys; empty for a member.
    var inner = 0..<0

    /// Keys have at most 24 bytes, so that three words are enough; a longer one is left to the general parser.
    init?(_ name: UnsafeRawBufferPointer, field: Int) {
        let text = [UInt8(ascii: "\"")] + Array(name) + Array("\":".utf8)
        guard text.count <= 24 else { return nil }
        let padded = text + [UInt8](repeating: 0, count: 24)
        func word(at place: Int) -> UInt64 { padded.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) } }
        let count = UInt64(min(8, text.count))
        mask = UInt64(littleEndian: count == 8 ? .max : 1 << (8 * count) - 1)
        self.word = word(at: 0) & mask
        length = text.count
        end = word(at: max(0, text.count - 8))
        middle = word(at: 8)
        self.field = field
    }
}

/// The keys of all members and objects.
private struct CompactKeys: Sendable {
    /// The keys of the record itself in their order, then those of each object.
    private(set) var members: [CompactKey] = []
    /// The keys of the record itself.
    let top: Range<Int>

    static let all = CompactKeys()

    private init() {
        var objects: [(object: RecordObject, place: Int)] = []
        for field in RecordField.allCases {
            guard let object = field.object else {
                if let key = CompactKey(field.name, field: field.rawValue) { members.append(key) }
                continue
            }
            guard objects.last?.object != object, let key = CompactKey(object.name, field: field.rawValue) else { continue }
            objects.append((object, members.count))
            members.append(key)
        }
        top = 0..<members.count
        for (object, place) in objects {
            let begin = members.count
            members += RecordField.allCases.filter { $0.object == object }.compactMap { CompactKey($0.name, field: $0.rawValue) }
            members[place].inner = begin..<members.count
        }
    }
}
