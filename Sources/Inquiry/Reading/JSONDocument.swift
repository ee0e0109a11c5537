/// A small reader of JSON that others wrote: values are looked up where they lie, nothing is built in advance.
package struct JSONDocument: Sendable {
    private let bytes: [UInt8]
    private let range: Range<Int>
    private let isText: Bool

    /// Reads a whole text; nothing when it is no JSON value.
    package init?(_ bytes: [UInt8]) {
        let found: Range<Int>? = bytes.withUnsafeBytes { buffer in
            var walker = JSONWalker(buffer)
            guard let range = walker.value(), walker.isAtEnd else { return nil }
            return range
        }
        guard let found else { return nil }
        self.init(bytes, found, isText: found.lowerBound > 0 && bytes[found.lowerBound - 1] == UInt8(ascii: "\""))
    }

    /// Reads texts that stand one behind the other, with blanks, line breaks or commas between them or nothing; nothing when one is no JSON value.
    package static func all(in bytes: [UInt8]) -> [JSONDocument]? {
        var places: [(range: Range<Int>, isText: Bool)] = []
        let isWhole = bytes.withUnsafeBytes { buffer in
            var walker = JSONWalker(buffer)
            while !walker.isAtEnd {
                let isText = buffer[walker.position] == UInt8(ascii: "\"")
                guard let range = walker.value() else { return false }
                places.append((range, isText))
                _ = walker.skip(UInt8(ascii: ","))
            }
            return true
        }
        return isWhole ? places.map { JSONDocument(bytes, $0.range, isText: $0.isText) } : nil
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>, isText: Bool) {
        self.bytes = bytes
        self.range = range
        self.isText = isText
    }

    /// A member of an object.
    package subscript(_ name: String) -> JSONDocument? {
        var found: JSONDocument?
        forEach { key, value in if key == name { found = value } }
        return found
    }

    /// The items of a list.
    package var items: [JSONDocument]? {
        guard !isText, bytes[range].first == UInt8(ascii: "[") else { return nil }
        var items: [JSONDocument] = []
        forEach { _, value in items.append(value) }
        return items
    }

    /// A text, or a number's digits.
    package var text: String? {
        if isText { return JSONString.decode(bytes[range]) }
        guard let first = bytes[range].first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else { return nil }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// Whether it is an object.
    package var isObject: Bool { !isText && bytes[range].first == UInt8(ascii: "{") }

    private func forEach(_ body: (String?, JSONDocument) -> Void) {
        guard !isText, let first = bytes[range].first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return }
        bytes.withUnsafeBytes { buffer in
            let inside = UnsafeRawBufferPointer(rebasing: buffer[range])
            var walker = JSONWalker(inside)
            let isObject = walker.skip(UInt8(ascii: "{"))
            guard isObject || walker.skip(UInt8(ascii: "[")) else { return }
            repeat {
                var key: String?
                if isObject {
                    guard let name = walker.string(), walker.skip(UInt8(ascii: ":")) else { return }
                    key = JSONString.decode(inside[name])
                }
                walker.skipBlanks()
                let isText = walker.position < inside.count && inside[walker.position] == UInt8(ascii: "\"")
                guard let value = walker.value() else { return }
                let place = (value.lowerBound + range.lowerBound)..<(value.upperBound + range.lowerBound)
                body(key, JSONDocument(bytes, place, isText: isText))
            } while walker.skip(UInt8(ascii: ","))
        }
    }
}
