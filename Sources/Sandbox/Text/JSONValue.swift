/// A JSON document (RFC 8259) with its keys in order, since the cloud's error bodies differ in that.
indirect enum JSONValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A number with a fraction, an exponent or too many digits, kept as written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key and its value.
    struct Member: Equatable, Sendable {
        var key: String
        var value: JSONValue
    }

    /// The value of a key of an object; the last one when a key is repeated.
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a string value.
    var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The value of a whole number.
    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }

    /// The value of a boolean.
    var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }

    /// The elements of an array.
    var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members of an object, in order.
    var members: [Member]? { if case .object(let members) = self { members } else { nil } }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member(key: $0.0, value: $0.1) })
    }
}
