import Audit
import Codecs

/// Parses JSON once into values with masked secrets. It also notes the position of each secret, so that the text can be masked as well.
///
/// The text has been checked by `EnterpriseProjectScan`: it is well-formed and its depth is limited, so recursion is bounded. If the body is longer
/// than the limit, reading stops there: the rest of every open value is missing, and a secret that is cut is masked to the end.
struct BodyReader {
    private let bytes: ArraySlice<UInt8>
    private var position = 0
    private var values = 0
    private var secrets: [Range<Int>] = []
    private(set) var isCut: Bool

    /// Reads only the first `limit` bytes.
    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes.prefix(limit)
        isCut = bytes.count > limit
    }

    /// The value at the top.
    mutating func read() -> FieldValue? {
        value(depth: 0, isKept: true)
    }

    /// The text with `"***"` in the place of each secret.
    func maskedText() -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var copied = 0
        for secret in secrets {
            text += bytes[copied..<secret.lowerBound]
            text += "\"\(SecretNames.mask)\"".utf8
            copied = secret.upperBound
        }
        text += bytes[copied...]
        return String(decoding: text.prefix(isCut ? Self.endOfWholeCharacters(text) : text.count), as: UTF8.self)
    }

    /// Nil for a value that is not kept or whose end was not read.
    private mutating func value(depth: Int, isKept: Bool) -> FieldValue? {
        skipBlanks()
        guard let byte = current else { return nil }
        let isKept = isKept && countValue()
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth, isKept: isKept)
        case UInt8(ascii: "["): return list(depth: depth, isKept: isKept)
        case UInt8(ascii: "\""):
            guard let range = stringRange() else { return nil }
            return isKept ? .string(bounded(JSONString.decode(bytes[range]))) : nil
        default:
            return scalar(isKept: isKept)
        }
    }

    private mutating func object(depth: Int, isKept: Bool) -> FieldValue? {
        let isKept = isKept && fits(depth)
        var object = FieldObject()
        position += 1
        while skipTo(UInt8(ascii: "\"")) {
            guard let range = stringRange() else { break }
            let name = JSONString.decode(bytes[range])
            skipBlanks()
            guard current == UInt8(ascii: ":") else { break }
            position += 1
            skipBlanks()
            let start = position
            let isSecret = SecretNames.contains(name.utf8)
            let value = value(depth: depth + 1, isKept: isKept && !isSecret)
            if isSecret {
                secrets.append(start..<position)
                if isKept, countValue() { add(name, .string(SecretNames.mask), to: &object) }
            } else if isKept, let value {
                add(name, value, to: &object)
            }
        }
        return close(UInt8(ascii: "}"), .object(object), isKept: isKept)
    }

    private mutating func list(depth: Int, isKept: Bool) -> FieldValue? {
        let isKept = isKept && fits(depth)
        var list: [FieldValue] = []
        position += 1
        while skipToElement() {
            if let value = value(depth: depth + 1, isKept: isKept), isKept { list.append(value) }
        }
        return close(UInt8(ascii: "]"), .list(list), isKept: isKept)
    }

    /// Called after the last member. A container whose end was not read is kept with the members read so far.
    private mutating func close(_ end: UInt8, _ value: FieldValue, isKept: Bool) -> FieldValue? {
        if current == end { position += 1 }
        return isKept ? value : nil
    }

    private mutating func scalar(isKept: Bool) -> FieldValue? {
        let start = position
        while let byte = current, !Self.endsScalar(byte) { position += 1 }
        // If the end of a number was not read, the number may be longer: it is not kept.
        guard position < bytes.count || !isCut, position > start, isKept else { return nil }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default: return Int64(text).map(FieldValue.integer) ?? .string(bounded(text))
        }
    }

    /// Readers disagree about which of two members of one name counts; the record shows that there were two.
    private mutating func add(_ name: String, _ value: FieldValue, to object: inout FieldObject) {
        let name = bounded(name)
        if !object.add(name, value), !object.add(name + " (repeated)", value) { isCut = true }
    }

    // MARK: - Bounds

    private mutating func countValue() -> Bool {
        values += 1
        if values > KeptBody.maximumValues { isCut = true }
        return values <= KeptBody.maximumValues
    }

    private mutating func fits(_ depth: Int) -> Bool {
        if depth >= FieldValue.depthLimit { isCut = true }
        return depth < FieldValue.depthLimit
    }

    private mutating func bounded(_ text: String) -> String {
        guard text.utf8.count > KeptBody.maximumText else { return text }
        isCut = true
        let bytes = Array(text.utf8.prefix(KeptBody.maximumText))
        return String(decoding: bytes.prefix(Self.endOfWholeCharacters(bytes)), as: UTF8.self)
    }

    /// Index after the last complete UTF-8 sequence.
    private static func endOfWholeCharacters(_ bytes: [UInt8]) -> Int {
        var start = bytes.count
        while start > 0, bytes.count - start < 4, bytes[start - 1] & 0xC0 == 0x80 { start -= 1 }
        guard start > 0, bytes[start - 1] >= 0xC0 else { return bytes.count }
        let lead = bytes[start - 1]
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        return bytes.count - (start - 1) >= length ? bytes.count : start - 1
    }

    // MARK: - Steps

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func skipComma() {
        skipBlanks()
        if current == UInt8(ascii: ",") { position += 1 }
        skipBlanks()
    }

    private mutating func skipTo(_ byte: UInt8) -> Bool {
        skipComma()
        return current == byte
    }

    private mutating func skipToElement() -> Bool {
        skipComma()
        return current != nil && current != UInt8(ascii: "]") && current != UInt8(ascii: "}")
    }

    /// The content of the string that begins here; moves the position past its end. Nil when the end is cut off.
    private mutating func stringRange() -> Range<Int>? {
        let start = position + 1
        position = start
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return start..<position - 1
            }
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        position = bytes.count
        return nil
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }
}
