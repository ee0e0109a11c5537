/// Members of an object: `"key":value,`, left out when there is no value.
extension LineWriter: RecordVisitor {
    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: String?) {
        guard let value else { return }
        put(literal: field.key)
        put(string: value)
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: (some RawRepresentable<String>)?) {
        visit(field, value?.rawValue)
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: Int64?) {
        guard let value else { return }
        put(literal: field.key)
        put(value)
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: SHA256Hash?) {
        guard let value else { return }
        put(literal: field.key)
        put(byte: UInt8(ascii: "\""))
        put(value)
        put(byte: UInt8(ascii: "\""))
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: Bool?) {
        guard let value else { return }
        put(literal: field.key)
        put(literal: value ? "true," : "false,")
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: FieldValue?) {
        guard let value else { return }
        put(literal: field.key)
        put(value)
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ field: RecordField, _ value: FieldObject?) {
        guard let value else { return }
        put(literal: field.key)
        put(value)
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ object: RecordObject, _ part: (some RecordPart)?) {
        guard let part else { return }
        put(literal: object.opening)
        part.visit(&self)
        close(with: UInt8(ascii: "}"))
        put(byte: UInt8(ascii: ","))
    }

    @inline(__always)
    mutating func visit(_ gateway: GatewayTag) { put(gateway.bytes) }
}

extension LineWriter {
    /// Writes a free value of `fields` or `detail`.
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

    /// Writes a free object.
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
