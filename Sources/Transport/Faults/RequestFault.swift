/// What is wrong with a request.
package enum RequestFault: Sendable, Equatable {
    /// The method is no token.
    case method
    /// The target does not start with a slash, or holds a byte that may not stand in a request line.
    case target
    /// A field's name is no token.
    case fieldName
    /// A field's value holds a control character.
    case fieldValue
    /// A field that is the transport's to send: Host, framing, connection.
    case reservedField
    /// The fields are more, or larger, than is sent.
    case headTooLarge
    /// A HEAD with a body.
    case unexpectedBody
}
