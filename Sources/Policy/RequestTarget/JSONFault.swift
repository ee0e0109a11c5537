/// Why a request body is refused. `at` is the offset of the offending byte.
package enum JSONFault: Error, Equatable, Sendable {
    /// There is nothing but white space.
    case empty
    /// It begins with a byte order mark, which RFC 8259 section 8.1 forbids to senders.
    case byteOrderMark
    /// It ends in the middle of a value.
    case unexpectedEnd
    /// A byte that the grammar doesn't allow here; also the case for comments.
    case unexpectedByte(UInt8, at: Int)
    /// Bytes follow the value.
    case trailingBytes(at: Int)
    /// Objects and arrays are nested deeper than `EnterpriseProjectScan.maximumDepth`.
    case tooDeep(limit: Int)
    /// A number that RFC 8259 section 6 does not allow.
    case invalidNumber(at: Int)
    /// A backslash escape that RFC 8259 section 7 does not allow.
    case invalidEscape(at: Int)
    /// Half of a surrogate pair: RFC 8259 section 8.2 calls the behaviour of parsers unpredictable.
    case loneSurrogate(at: Int)
    /// A raw control character in a string.
    case controlCharacter(at: Int)
    /// A string that is not UTF-8.
    case invalidUTF8(at: Int)
    /// `enterprise_project_id` is not exactly as required (error 4003).
    case enterpriseProject(EnterpriseProjectFault)

    /// What is wrong, in one sentence for the caller. It never repeats the caller's bytes.
    package var sentence: String {
        switch self {
        case .empty: "The body is empty, not JSON."
        case .byteOrderMark: "The body begins with a byte order mark; JSON has none."
        case .unexpectedEnd: "The body's JSON ends too early."
        case .unexpectedByte(let byte, let at):
            "The body is not JSON: byte 0x\(String(byte, radix: 16)) at offset \(at) doesn't belong there."
        case .trailingBytes(let at): "Something follows the body's JSON value at offset \(at)."
        case .tooDeep(let limit): "The body's JSON is nested deeper than \(limit) levels."
        case .invalidNumber(let at): "The body's JSON has a malformed number at offset \(at)."
        case .invalidEscape(let at): "The body's JSON has a malformed escape at offset \(at)."
        case .loneSurrogate(let at): "The body's JSON has half of a surrogate pair at offset \(at)."
        case .controlCharacter(let at): "The body's JSON has a raw control character in a string at offset \(at)."
        case .invalidUTF8(let at): "The body's JSON is not UTF-8 at offset \(at)."
        case .enterpriseProject(let fault): fault.sentence
        }
    }
}
