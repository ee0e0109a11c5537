/// A value inside `request_body.fields` or an event's `detail`. There is no floating point in the journal: two readers may not agree on one.
package indirect enum FieldValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case list([FieldValue])
    case object(FieldObject)
    case null

    /// The deepest nesting that is written; deeper values are written as `null`, so that no body can exhaust the stack.
    package static let depthLimit = 16

    /// An upper bound of the encoded size in bytes.
    var sizeBound: Int {
        switch self {
        case .string(let text): LineWriter.bound(of: text)
        case .integer: 21
        case .boolean, .null: 6
        case .list(let values): values.reduce(6) { $0 + $1.sizeBound }
        case .object(let object): object.sizeBound
        }
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
