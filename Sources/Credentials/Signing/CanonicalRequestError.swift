/// Why no canonical request can be made: the result would be ambiguous.
package enum CanonicalRequestError: Error, Equatable, Sendable {
    /// Two names are equal or differ only in case. Servers differ in whether they join or drop such headers.
    case repeatedHeader(name: String)
    /// A value holds a control character other than a tab; a line break would forge another header line.
    case controlCharacter(name: String)
    /// The path does not begin with `/`, holds a dot segment, or does not decode to UTF-8.
    case path
}
