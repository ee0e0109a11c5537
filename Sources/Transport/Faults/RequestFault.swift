/// What is wrong with a request.
package enum RequestFault: Sendable, Equatable {
    /// The method is no token.
    case method
    /// The target does not start with a slash, or contains a byte that is not allowed in a request line.
    case target
    /// A field's name is no token.
    case fieldName
    /// A field's value holds a control character.
    case fieldValue
    /// A field that only the transport may send: Host, framing, connection.
    case reservedField
    /// The fields exceed the limits on number or size.
    case headTooLarge
    /// A HEAD with a body.
    case unexpectedBody
}
