/// One header line as received.
package struct HeaderField: Equatable, Sendable {
    /// The name with the received case, or the case to be sent.
    package var name: String
    /// The value without outer white space.
    package var value: String

    /// A line of `name: value`.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HeaderField] {
    /// Every value of a name, compared case-insensitively (RFC 9110, section 5.1), in order.
    func values(_ name: String) -> [String] {
        let wanted = name.lowercased()
        return filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// The first value of a name.
    func first(_ name: String) -> String? { values(name).first }
}
