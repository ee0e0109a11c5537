/// Takes a record's members one after the other, in the contract's order: the writer of a line, or the sum of their maximum sizes.
///
/// The visitor's type is known at compile time, so that visiting costs nothing.
protocol RecordVisitor {
    /// Any text.
    mutating func visit(_ field: RecordField, _ value: String?)
    /// One of a few fixed words.
    mutating func visit(_ field: RecordField, _ value: (some RawRepresentable<String>)?)
    mutating func visit(_ field: RecordField, _ value: Int64?)
    mutating func visit(_ field: RecordField, _ value: Bool?)
    mutating func visit(_ field: RecordField, _ value: SHA256Hash?)
    /// Any JSON value.
    mutating func visit(_ field: RecordField, _ value: FieldValue?)
    mutating func visit(_ field: RecordField, _ value: FieldObject?)
    /// An object whose members are part of the vocabulary.
    mutating func visit(_ object: RecordObject, _ part: (some RecordPart)?)
    /// The gateway's members, which are encoded already.
    mutating func visit(_ gateway: GatewayTag)
}

/// An object within a record.
protocol RecordPart {
    /// Passes each of the members to the visitor, in the contract's order.
    func visit(_ visitor: inout some RecordVisitor)
}

extension RecordVisitor {
    /// A number.
    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: Int?) { visit(field, value.map(Int64.init)) }

    /// A duration, in whole microseconds, rounded down.
    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: Duration?) { visit(field, value?.wholeMicroseconds) }
}
