/// Writes JSON: the function that opens an object or a list also closes it.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// - Parameter capacity: how many bytes are expected.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// The text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Begins an object, or a list with `[`.
    package mutating func open(_ bracket: Character = "{") {
        separate()
        bytes += String(bracket).utf8
        needsComma = false
    }

    /// Ends an object, or a list with `]`.
    package mutating func close(_ bracket: Character = "}") {
        bytes += String(bracket).utf8
        needsComma = true
    }

    /// Begins a member; its value follows.
    package mutating func key(_ name: String) {
        separate()
        JSONString.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a value, after `key` or as an element of a list.
    package mutating func value(_ text: String) {
        separate()
        JSONString.append(text, to: &bytes)
        needsComma = true
    }

    package mutating func value(_ number: Int64) {
        raw(String(number).utf8)
    }

    package mutating func value(_ flag: Bool) {
        raw((flag ? "true" : "false").utf8)
    }

    package mutating func null() {
        raw("null".utf8)
    }

    /// Writes a value that is already JSON.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes += json
        needsComma = true
    }

    /// Writes a member, omitted if the value is nil.
    package mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    /// Writes a member, omitted if the value is nil.
    package mutating func member(_ name: String, _ number: Int64?) {
        guard let number else { return }
        key(name)
        value(number)
    }

    /// Writes a member that is an object.
    package mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
        key(name)
        object(members)
    }

    /// Writes an object by itself, or as an element of a list.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        open()
        members(&self)
        close()
    }

    /// Writes a member that is a list.
    package mutating func list<Element>(_ name: String, _ elements: some Sequence<Element>, _ element: (inout JSONWriter, Element) -> Void) {
        key(name)
        open("[")
        for each in elements { element(&self, each) }
        close("]")
    }

    package mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
