/// The most bytes that a record's own strings and free values can take in a line, with their escapes. Keys, numbers, digests and fixed words are
/// not counted: they are few, and the encoder reserves a constant for them.
struct RecordSize: RecordVisitor {
    private(set) var bound = 0

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: String?) {
        guard let value else { return }
        bound += LineWriter.bound(of: value)
    }

    @inline(__always) mutating func visit(_ field: RecordField, _ value: (some RawRepresentable<String>)?) {}
    @inline(__always) mutating func visit(_ field: RecordField, _ value: Int64?) {}
    @inline(__always) mutating func visit(_ field: RecordField, _ value: Bool?) {}
    @inline(__always) mutating func visit(_ field: RecordField, _ value: SHA256Hash?) {}

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: FieldValue?) {
        guard let value else { return }
        bound += value.sizeBound
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: FieldObject?) {
        guard let value else { return }
        bound += value.sizeBound
    }

    @inline(__always)
    mutating func visit(_ object: RecordObject, _ part: (some RecordPart)?) {
        guard let part else { return }
        part.visit(&self)
    }

    @inline(__always)
    mutating func visit(_ gateway: GatewayTag) { bound += gateway.bytes.count }
}
