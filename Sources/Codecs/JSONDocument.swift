/// A small reader of foreign JSON: values are looked up in the text, and nothing is built in advance.
package struct JSONDocument: Sendable {
    private let bytes: [UInt8]
    private let value: JSONCursor.Value

    /// Reads a whole text; nil if it is no JSON value.
    package init?(_ bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBytes({ JSONCursor.whole($0) }) else { return nil }
        self.init(bytes, value)
    }

    /// Reads consecutive texts, with or without white space, line breaks or commas between them; nil if one is no JSON value.
    package static func all(in bytes: [UInt8]) -> [JSONDocument]? {
        let values = bytes.withUnsafeBytes { buffer -> [JSONCursor.Value]? in
            var cursor = JSONCursor(buffer)
            var values: [JSONCursor.Value] = []
            while !cursor.isAtEnd {
                guard let value = cursor.value() else { return nil }
                values.append(value)
                _ = cursor.skip(UInt8(ascii: ","))
            }
            return values
        }
        return values?.map { JSONDocument(bytes, $0) }
    }

    private init(_ bytes: [UInt8], _ value: JSONCursor.Value) {
        self.bytes = bytes
        self.value = value
    }

    /// A member of an object; if a name occurs twice, the last one.
    package subscript(_ name: String) -> JSONDocument? {
        var found: JSONCursor.Value?
        bytes.withUnsafeBytes { buffer in
            JSONCursor.visit(value, in: buffer) { key, member in
                if let key, JSONString.decode(buffer[key]) == name { found = member }
            }
        }
        return found.map { JSONDocument(bytes, $0) }
    }

    /// The items of a list.
    package var items: [JSONDocument]? {
        guard !value.isText, bytes[value.range].first == UInt8(ascii: "[") else { return nil }
        var items: [JSONDocument] = []
        bytes.withUnsafeBytes { buffer in
            JSONCursor.visit(value, in: buffer) { _, item in items.append(JSONDocument(bytes, item)) }
        }
        return items
    }

    /// A text, or a number's digits.
    package var text: String? {
        if value.isText { return JSONString.decode(bytes[value.range]) }
        guard let first = bytes[value.range].first, first == UInt8(ascii: "-") || first &- 0x30 < 10 else { return nil }
        return String(decoding: bytes[value.range], as: UTF8.self)
    }

    /// Whether it is a text, and not a number's digits.
    package var isText: Bool { value.isText }

    /// Whether it is the literal `true`.
    package var isTrue: Bool { !value.isText && bytes[value.range].elementsEqual("true".utf8) }

    /// Whether it is an object.
    package var isObject: Bool { !value.isText && bytes[value.range].first == UInt8(ascii: "{") }
}
