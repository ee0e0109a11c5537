// 1. A field is checked when it is appended, and the block keeps the first fault, so that no second check is needed and appending needs no `try`;
//    ``HTTPTransport`` refuses a block with a fault.
// 2. The bytes are the lines as they are sent, `Name: value` and a line end, or `Name:` where there is no value.

/// The fields of an outbound request, in one block of bytes.
///
/// Contiguous bytes instead of pairs of strings: a signature or a token is copied into it once and once more, as a whole, into libcurl's list. That
/// took 8 of the 17 thousand instructions that handing a request over had cost.
package struct OutboundFields: Sendable {
    /// Position of one line in the block; 32 bits suffice for ``TransportLimits/requestHeadBytes``.
    struct Entry: Sendable {
        let start: UInt32
        let nameEnd: UInt32
        let valueStart: UInt32
        /// Index of the value's end, where the line end begins.
        let end: UInt32
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []
    /// Why the block may not be sent.
    private(set) var fault: RequestFault?

    /// Capacity for a typical request's fields: a signed one has some 400 bytes.
    private static let typicalBytes = 512
    private static let typicalFields = 12

    /// Makes an empty block.
    package init() {
        bytes.reserveCapacity(Self.typicalBytes)
        entries.reserveCapacity(Self.typicalFields)
    }

    /// Makes a block that begins with another's fields, which have been checked, with capacity for a typical request's other fields.
    package init(beginningWith other: OutboundFields) {
        self.init()
        bytes.append(contentsOf: other.bytes)
        entries.append(contentsOf: other.entries)
        fault = other.fault
    }

    /// Makes a block of these fields.
    package init(_ fields: [HeaderField]) {
        self.init()
        for field in fields { append(field.name, field.value) }
    }

    /// How many fields there are; also a mark for ``truncate(to:)``.
    package var count: Int { entries.count }

    /// Removes the fields after the first `count`, for another attempt with another credential. A fault stays.
    package mutating func truncate(to count: Int) {
        guard count < entries.count else { return }
        bytes.removeSubrange(Int(entries[count].start)...)
        entries.removeSubrange(count...)
    }

    /// Appends a field whose name is known at compile time and needs no check at run time: it is a token, and not a field that only the transport may
    /// send.
    package mutating func append(_ name: StaticString, _ value: UnsafeRawBufferPointer) {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        assert(name.isToken && !Self.isReserved(name))
        append(name, value) { OutboundFields.judge(value: $0) }
    }

    /// Appends a field.
    package mutating func append(_ name: String, _ value: String) {
        var (name, value) = (name, value)
        name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            value.withUTF8 { append(name, UnsafeRawBufferPointer($0)) { OutboundFields.judge(name: name) ?? OutboundFields.judge(value: $0) } }
        }
    }

    /// The value of the first field of this name, compared without regard to ASCII case.
    package func first(named name: StaticString) -> String? {
        guard let entry = firstEntry(named: name) else { return nil }
        return bytes.withUnsafeBytes { String(decoding: $0[Int(entry.valueStart)..<Int(entry.end)], as: UTF8.self) }
    }

    /// Whether there is a field of this name, compared without regard to ASCII case.
    func contains(_ name: StaticString) -> Bool { firstEntry(named: name) != nil }

    /// The first field of this name, compared without regard to ASCII case.
    func firstEntry(named name: StaticString) -> Entry? {
        bytes.withUnsafeBytes { block in
            for entry in entries where entry.name.count == name.utf8CodeUnitCount && block[bytes: entry.name].isNamed(name) { return entry }
            return nil
        }
    }

    @inline(__always)
    private mutating func append(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, judging judge: (UnsafeRawBufferPointer) -> RequestFault?
    ) {
        let value = value.trimmingWhiteSpace()
        if fault == nil { fault = judge(value) ?? judgeSize(name, value) }
        guard fault == nil else { return }
        let start = UInt32(bytes.count)
        let nameEnd = start + UInt32(name.count)
        let valueStart = nameEnd + (value.isEmpty ? 1 : 2)
        let end = valueStart + UInt32(value.count)
        entries.append(Entry(start: start, nameEnd: nameEnd, valueStart: valueStart, end: end))
        // Appends the line in one step: piece by piece, the array would check its capacity seven times.
        let length = Int(end - start) + 2
        bytes.append(addingCapacity: length) { output in
            output.withUnsafeMutableBufferPointer { memory, count in
                let line = UnsafeMutableRawBufferPointer(memory)
                line.copyMemory(from: name)
                line[name.count] = UInt8(ascii: ":")
                if !value.isEmpty { line[name.count + 1] = UInt8(ascii: " ") }
                UnsafeMutableRawBufferPointer(rebasing: line[Int(valueStart - start)...]).copyMemory(from: value)
                line[length - 2] = UInt8(ascii: "\r")
                line[length - 1] = UInt8(ascii: "\n")
                count = length
            }
        }
    }

    private static func judge(name: UnsafeRawBufferPointer) -> RequestFault? {
        guard !name.isEmpty, name.isToken else { return .fieldName }
        return isReserved(name) ? .reservedField : nil
    }

    private static func judge(value: UnsafeRawBufferPointer) -> RequestFault? {
        value.isFieldValue ? nil : .fieldValue
    }

    private func judgeSize(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> RequestFault? {
        let lineBytes = name.count + value.count + ": \r\n".utf8.count
        let fits = entries.count < TransportLimits.requestFields && bytes.count + lineBytes <= TransportLimits.requestHeadBytes
        return fits ? nil : .headTooLarge
    }

    /// Fields that decide framing or the connection: only this layer sends them, because a second one would allow request smuggling.
    private static func isReserved(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2: name.isNamed("te")
        case 4: name.isNamed("host")
        case 6: name.isNamed("expect")
        case 7: name.isNamed("upgrade") || name.isNamed("trailer")
        case 10: name.isNamed("connection") || name.isNamed("keep-alive")
        case 14: name.isNamed("content-length") || name.isNamed("http2-settings")
        case 16: name.isNamed("proxy-connection")
        case 17: name.isNamed("transfer-encoding")
        default: false
        }
    }
}

extension OutboundFields.Entry {
    /// Range of the name.
    var name: Range<Int> { Int(start)..<Int(nameEnd) }
    /// Range of the line, without its line end.
    var line: Range<Int> { Int(start)..<Int(end) }
    /// Where the next line begins.
    var next: Int { Int(end) + "\r\n".utf8.count }
    var isEmpty: Bool { valueStart == end }
}

extension UnsafeRawBufferPointer {
    fileprivate subscript(bytes range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}
