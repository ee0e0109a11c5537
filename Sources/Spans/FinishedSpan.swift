/// A span that has ended, in the form for export.
package struct FinishedSpan: Sendable {
    /// The kinds that are used here, with their numbers in OTLP.
    package enum Kind: Int, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
    }

    /// The value of an attribute.
    package enum Value: Sendable, Hashable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
    }

    package let name: String
    package let kind: Kind
    package let traceID: TraceParent.TraceID
    package let spanID: UInt64
    package let parentID: UInt64?
    package let state: TraceState?
    /// Nanoseconds since 1970.
    package let startNanoseconds: UInt64
    package let endNanoseconds: UInt64
    package let attributes: [(name: String, value: Value)]
    package let isFailed: Bool
}
