/// One field of a request or response head (RFC 9110 section 6.3).
package struct HeaderField: Sendable, Hashable {
    /// The field's name, a token; compared without regard to case.
    package var name: String
    /// The field's value without surrounding white space; may be empty.
    package var value: String

    /// Makes a field; nothing is checked here, ``HTTPTransport`` refuses what may not be sent.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
