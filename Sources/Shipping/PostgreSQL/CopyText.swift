import Audit
import Glibc

/// Rows in the text format of `COPY` (PostgreSQL's documentation of COPY, "Text Format"), written directly from the records' lines: the same
/// columns as `CentralRow`, without a string for each.
struct CopyText {
    private(set) var bytes: [UInt8] = []
    private let instance: [UInt8]

    init(instance: String) {
        var escaped = CopyText()
        escaped.put(instance)
        self.instance = escaped.bytes
    }

    private init() {
        instance = []
    }

    /// Removes the rows and keeps the allocated memory.
    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// Adds a record's row; returns false, and adds nothing, when the line is not a record or not UTF-8.
    mutating func add(_ sequence: UInt64, line: UnsafeRawBufferPointer) -> Bool {
        guard let record = RecordFields(line), let time = record.time, record.text(.phase) != nil, record.text(.id) != nil,
            String(validating: line, as: UTF8.self) != nil
        else { return false }
        // Members of one object are consecutive columns: each object is read once.
        var object: (key: RecordObject, members: RecordFields?)?
        for field in CentralRow.fields {
            switch field {
            case .instance: bytes += instance
            case .sequence: number(sequence)
            case .time: number(time.microseconds)
            default:
                if let key = field.object, object?.key != key { object = (key, record.object(key)) }
                value(field, field.object == nil ? record : object?.members)
            }
            end()
        }
        put(line)
        bytes.append(UInt8(ascii: "\n"))
        return true
    }

    private mutating func end() { bytes.append(UInt8(ascii: "\t")) }

    private mutating func number(_ value: some FixedWidthInteger) { bytes.append(contentsOf: String(value).utf8) }

    private mutating func null() { bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")]) }

    /// A member's value. A string without escapes is the same in the row and in the line.
    private mutating func value(_ field: RecordField, _ members: RecordFields?) {
        guard let raw = members?.member(field) else { return null() }
        if field.type == .integer {
            guard let value = Int64(String(decoding: raw, as: UTF8.self)) else { return null() }
            return number(value)
        }
        guard raw.count >= 2, raw[0] == UInt8(ascii: "\"") else { return null() }
        let content = UnsafeRawBufferPointer(rebasing: raw.dropFirst().dropLast())
        if Self.backslash(in: content, from: 0) == nil {
            bytes.append(contentsOf: content)
        } else if let text = RecordFields.text(raw) {
            put(CentralRow.storable(text))
        } else {
            null()
        }
    }

    /// A record's line has no control characters, so that only backslashes are escaped.
    private mutating func put(_ line: UnsafeRawBufferPointer) {
        var begin = 0
        while let place = Self.backslash(in: line, from: begin) {
            bytes.append(contentsOf: line[begin...place])
            bytes.append(UInt8(ascii: "\\"))
            begin = place + 1
        }
        bytes.append(contentsOf: line[begin...])
    }

    private static func backslash(in text: UnsafeRawBufferPointer, from begin: Int) -> Int? {
        guard begin < text.count, let base = text.baseAddress, let found = memchr(base + begin, 0x5C, text.count - begin) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    private mutating func put(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [byte, byte])
            case UInt8(ascii: "\t"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case UInt8(ascii: "\n"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case UInt8(ascii: "\r"): bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            default: bytes.append(byte)
            }
        }
    }
}
