extension RequestTargetError {
    /// What is wrong, in one sentence for the caller. It never repeats the caller's bytes.
    package var sentence: String {
        switch self {
        case .notOriginForm: "The request target does not begin with '/'."
        case .tooLong(let bytes, let limit): "The request target has \(bytes) bytes; \(limit) are the most."
        case .tooManySegments(let limit): "The path has more than \(limit) segments."
        case .tooManyQueryPairs(let limit): "The query has more than \(limit) parameters."
        case .forbiddenByte(let byte, let at): "Byte 0x\(String(byte, radix: 16)) at offset \(at) must be percent-encoded."
        case .controlCharacter(let at): "There is a control character at offset \(at)."
        case .fragment(let at): "There is a '#' at offset \(at); a request target has no fragment."
        case .invalidPercentEscape(let at): "The '%' at offset \(at) is not followed by two hexadecimal digits."
        case .invalidUTF8(let at): "The escapes at offset \(at) don't decode to UTF-8."
        case .queryName(let at): "The name of the query parameter at offset \(at) is empty, too long or not made of plain characters."
        case .projectInQuery(let at): "The query parameter at offset \(at) names a project; only the path does that."
        case .credentialInQuery(let at): "The query parameter at offset \(at) carries a credential; the gateway brings its own."
        case .ambiguousSeparator(let at): "There is a raw ';' or a second '?' at offset \(at); encode it, or separate parameters with '&'."
        case .enterpriseProject(let fault): fault.sentence
        default: pathSentence
        }
    }

    private var pathSentence: String {
        switch self {
        case .emptySegment(let at): "The path has an empty segment at offset \(at)."
        case .trailingSlash: "The path ends in '/'."
        case .dotSegment(let at): "The path has a '.' or '..' segment at offset \(at)."
        case .encodedSlash(let at): "The path has an encoded slash at offset \(at)."
        case .backslash(let at): "There is a backslash at offset \(at)."
        case .pathParameter(let at): "The path has a ';' at offset \(at)."
        case .doubleEncoding(let at): "The path is percent-encoded twice at offset \(at)."
        case .surroundingSpace(let at): "The path segment at offset \(at) begins or ends with a space."
        case .lookAlikeDelimiter(let at): "The path has a character at offset \(at) that can be mistaken for a delimiter."
        default: "The request target is malformed."
        }
    }

    /// What the caller can do. Only a wrong encoding gets the advice to encode; a target that is encoded correctly and still refused gets the reason.
    package var hint: String {
        switch self {
        case .controlCharacter: "Leave it out: control characters are refused, encoded or not."
        case .pathParameter: "Leave it out: a ';' in a path is refused, encoded or not, since some servers cut the path there."
        case .encodedSlash, .backslash:
            "Leave it out: a slash or backslash inside a segment is refused, encoded or not; no id or name of the API has one."
        case .surroundingSpace: "Remove the outer space: it is refused, encoded or not, since some servers cut it off."
        case .lookAlikeDelimiter: "Write the plain character that is meant; ones that only look like it are refused, encoded or not."
        case .dotSegment, .emptySegment, .trailingSlash:
            "Write the path as the API page has it, without empty or dot segments and without a slash at its end."
        case .queryName: "Write the parameter's name as the API page has it: ASCII letters, digits, '_', '-' and '.', 64 bytes at most."
        case .projectInQuery: "Name the project in the path, behind /v5/, and nowhere else."
        case .credentialInQuery: "Leave it out."
        case .tooLong, .tooManySegments, .tooManyQueryPairs: "Send less: filters that take lists can be split over several requests."
        case .notOriginForm: "Send the path with its query, from the first '/' on."
        case .ambiguousSeparator: "Encode a ';' or '?' in a value as %3B or %3F, and separate parameters with '&'."
        case .forbiddenByte, .fragment, .invalidPercentEscape, .invalidUTF8, .doubleEncoding, .enterpriseProject:
            "Percent-encode path and query once, as RFC 3986 has it."
        }
    }
}
