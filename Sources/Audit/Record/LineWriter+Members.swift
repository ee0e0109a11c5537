/// Members of an object: `"name":value,`, left out when there is no value. Keys are literals with their quotes and colon.
extension LineWriter {
    /// A string.
    @inline(__always)
    mutating func member(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        put(literal: key)
        put(string: value)
        put(byte: UInt8(ascii: ","))
    }

    /// A number.
    @inline(__always)
    mutating func member(_ key: StaticString, _ value: Int64?) {
        guard let value else { return }
        put(literal: key)
        put(value)
        put(byte: UInt8(ascii: ","))
    }

    /// A duration, in whole microseconds, rounded down.
    @inline(__always)
    mutating func member(_ key: StaticString, _ value: Duration?) {
        guard let value else { return }
        member(key, value.wholeMicroseconds)
    }

    /// A digest.
    @inline(__always)
    mutating func member(_ key: StaticString, _ value: SHA256Hash?) {
        guard let value else { return }
        put(literal: key)
        put(byte: UInt8(ascii: "\""))
        put(value)
        put(byte: UInt8(ascii: "\""))
        put(byte: UInt8(ascii: ","))
    }

    /// A truth value.
    @inline(__always)
    mutating func member(_ key: StaticString, _ value: Bool) {
        put(literal: key)
        put(literal: value ? "true," : "false,")
    }

    /// The end of a nested object, and the comma behind it.
    mutating func endObject() {
        close(with: UInt8(ascii: "}"))
        put(byte: UInt8(ascii: ","))
    }

    /// Free values of `fields` and `detail`.
    mutating func put(_ value: FieldValue, depth: Int = 0) {
        guard depth < FieldValue.depthLimit else { return put(literal: "null") }
        switch value {
        case .string(let text): put(string: text)
        case .integer(let number): put(number)
        case .boolean(let truth): put(literal: truth ? "true" : "false")
        case .null: put(literal: "null")
        case .object(let object): put(object, depth: depth)
        case .list(let values):
            put(byte: UInt8(ascii: "["))
            for value in values {
                put(value, depth: depth + 1)
                put(byte: UInt8(ascii: ","))
            }
            close(with: UInt8(ascii: "]"))
        }
    }

    /// A free object.
    mutating func put(_ object: FieldObject, depth: Int = 0) {
        put(byte: UInt8(ascii: "{"))
        for field in object.fields {
            put(string: field.name)
            put(byte: UInt8(ascii: ":"))
            put(field.value, depth: depth + 1)
            put(byte: UInt8(ascii: ","))
        }
        close(with: UInt8(ascii: "}"))
    }
}
