/// Why a request target is refused. `at` is the offset of the offending byte in the target as received.
package enum RequestTargetError: Error, Equatable, Sendable {
    /// It does not begin with `/`.
    case notOriginForm
    /// It is longer than `RequestTarget.maximumBytes`, as received or in canonical form.
    case tooLong(bytes: Int, limit: Int)
    case tooManySegments(limit: Int)
    case tooManyQueryPairs(limit: Int)
    /// A raw byte that RFC 3986 does not allow raw.
    case forbiddenByte(UInt8, at: Int)
    /// A control character, raw or encoded.
    case controlCharacter(at: Int)
    /// A `#`; a fragment is no part of a request target (RFC 9112 section 3.2).
    case fragment(at: Int)
    /// A `%` without two hexadecimal digits.
    case invalidPercentEscape(at: Int)
    /// Escapes that don't decode to UTF-8.
    case invalidUTF8(at: Int)
    /// `//` in the path.
    case emptySegment(at: Int)
    /// The path ends in `/`. Its signature would be that of the path without it (protocol page a.2, item 6).
    case trailingSlash(at: Int)
    /// `.` or `..`, literally or encoded.
    case dotSegment(at: Int)
    /// `%2F` in the path. The official signer turns it into a separator (protocol page a.2, item 2).
    case encodedSlash(at: Int)
    /// A backslash in the path, raw or encoded, or raw in the query.
    case backslash(at: Int)
    /// A `;` in the path, raw or encoded: some servers cut path parameters there.
    case pathParameter(at: Int)
    /// Decoding once leaves a valid escape in the path: a parser that decodes twice would get a different path.
    case doubleEncoding(at: Int)
    /// A path segment begins or ends with a space, which some parsers cut.
    case surroundingSpace(at: Int)
    /// A character that compatibility normalisation turns into a dot, a slash or another character that structures a path.
    case lookAlikeDelimiter(at: Int)
    /// A raw `;` or a second raw `?` in the query: some parsers split pairs there.
    case ambiguousSeparator(at: Int)
    /// A query parameter whose name is empty, too long, or not made of plain characters.
    case queryName(at: Int)
    /// A query parameter that names a project. The path alone does.
    case projectInQuery(at: Int)
    /// A query parameter with a credential. The gateway adds its own.
    case credentialInQuery(at: Int)
    /// `enterprise_project_id` is not exactly as required (error 4003).
    case enterpriseProject(EnterpriseProjectFault)
}
