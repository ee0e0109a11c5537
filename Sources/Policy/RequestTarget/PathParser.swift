/// Turns the path of a raw target into canonical bytes, one segment at a time, refusing what two parsers could interpret differently.
struct PathParser {
    private var text: [UInt8] = []
    private(set) var segmentEnds: [UInt16] = []
    /// Index of the next unread byte of the raw target.
    private var index = 0

    /// How many bytes an operation's path typically gains: a project's id is put in where a placeholder stood.
    private static let slack = 64
    /// A typical path has no more segments than this.
    private static let typicalSegments = 8

    /// Reads from the first byte to the `?` or the end, and returns that index.
    mutating func parse(_ raw: Span<UInt8>) throws(RequestTargetError) -> Int {
        guard raw.count > 0, raw[0] == UInt8(ascii: "/") else { throw .notOriginForm }
        text.reserveCapacity(raw.count + Self.slack)
        text.append(UInt8(ascii: "/"))
        index = 1
        if isAtPathEnd(raw) { return index }
        segmentEnds.reserveCapacity(Self.typicalSegments)
        while true {
            try parseSegment(raw)
            if isAtPathEnd(raw) { return index }
            text.append(UInt8(ascii: "/"))
            index += 1
        }
    }

    private func isAtPathEnd(_ raw: Span<UInt8>) -> Bool {
        index == raw.count || raw[index] == UInt8(ascii: "?")
    }

    private mutating func parseSegment(_ raw: Span<UInt8>) throws(RequestTargetError) {
        guard segmentEnds.count < RequestTarget.maximumSegments else { throw .tooManySegments(limit: RequestTarget.maximumSegments) }
        let rawStart = index
        let textStart = text.count
        var mayHoldEscape = false
        if !takePlaceholder(raw) {
            while true {
                index = UnreservedRun.copy(from: raw, at: index, to: &text)
                if isAtPathEnd(raw) || raw[index] == UInt8(ascii: "/") { break }
                mayHoldEscape = true
                try parseReserved(raw)
            }
        }
        let segment = textStart..<text.count
        try judgeLength(segment, rawStart: rawStart, isLast: isAtPathEnd(raw))
        if mayHoldEscape { try judgeEscapes(text[segment], rawStart: rawStart) }
        guard text.count <= RequestTarget.maximumBytes else {
            throw .tooLong(bytes: text.count, limit: RequestTarget.maximumBytes)
        }
        segmentEnds.append(UInt16(text.count))
    }

    /// `{project_id}` is what documentation and SDKs without a project id put there (protocol page e). Braces are not allowed raw anywhere else (RFC
    /// 3986 section 2), so this accepts nothing else.
    private mutating func takePlaceholder(_ raw: Span<UInt8>) -> Bool {
        let placeholder = ProjectReference.templateText
        guard segmentEnds.count == 1, index < raw.count, raw[index] == UInt8(ascii: "{"), raw.count - index >= placeholder.count else {
            return false
        }
        for offset in placeholder.indices where raw[index + offset] != placeholder[offset] {
            return false
        }
        let end = index + placeholder.count
        guard end == raw.count || raw[end] == UInt8(ascii: "/") || raw[end] == UInt8(ascii: "?") else { return false }
        for byte in placeholder {
            PercentCoding.append(byte, to: &text)
        }
        index = end
        return true
    }

    private mutating func parseReserved(_ raw: Span<UInt8>) throws(RequestTargetError) {
        let byte = raw[index]
        if byte == UInt8(ascii: "%") {
            try parseEscape(raw)
        } else if ByteSet.pathDelimiters.contains(byte) {
            PercentCoding.append(byte, to: &text)
            index += 1
        } else {
            throw RawByteFault.inPath(byte, at: index)
        }
    }

    private mutating func parseEscape(_ raw: Span<UInt8>) throws(RequestTargetError) {
        guard let byte = PercentCoding.decodedByte(in: raw, at: index) else { throw .invalidPercentEscape(at: index) }
        switch byte {
        case 0x00...0x1F, 0x7F: throw .controlCharacter(at: index)
        case UInt8(ascii: "/"): throw .encodedSlash(at: index)
        case UInt8(ascii: "\\"): throw .backslash(at: index)
        case UInt8(ascii: ";"): throw .pathParameter(at: index)
        case 0x80...0xFF:
            let scalar = try EscapedScalar(lead: byte, in: raw, at: index)
            if scalar.isControl { throw .controlCharacter(at: index) }
            if scalar.structuresPathAfterNormalisation { throw .lookAlikeDelimiter(at: index) }
            scalar.append(to: &text, from: raw, at: index)
            index = scalar.end
        default:
            PercentCoding.append(byte, to: &text)
            index += 3
        }
    }

    // What can be judged only when a segment is whole.

    private func judgeLength(_ range: Range<Int>, rawStart: Int, isLast: Bool) throws(RequestTargetError) {
        if range.isEmpty {
            throw isLast ? .trailingSlash(at: rawStart - 1) : .emptySegment(at: rawStart)
        }
        if range.count <= 2, range.allSatisfy({ text[$0] == UInt8(ascii: ".") }) { throw .dotSegment(at: rawStart) }
    }

    /// Checks a segment's escapes; most segments have none.
    private func judgeEscapes(_ segment: ArraySlice<UInt8>, rawStart: Int) throws(RequestTargetError) {
        if segment.starts(with: Self.encodedSpace) || segment.suffix(3).elementsEqual(Self.encodedSpace) {
            throw .surroundingSpace(at: rawStart)
        }
        if Self.holdsEscapedEscape(segment) { throw .doubleEncoding(at: rawStart) }
    }

    private static let encodedSpace: [UInt8] = Array("%20".utf8)

    /// Whether decoding the canonical segment leaves `%` and two hexadecimal digits: `%25` followed by two such digits. A lone `%25`
    /// is data, since no parser can decode it further.
    private static func holdsEscapedEscape(_ segment: ArraySlice<UInt8>) -> Bool {
        var index = segment.startIndex
        while index + 4 < segment.endIndex {
            if segment[index] == UInt8(ascii: "%") {
                let isPercent = segment[index + 1] == UInt8(ascii: "2") && segment[index + 2] == UInt8(ascii: "5")
                let isFollowed = ByteSet.hexadecimal.contains(segment[index + 3]) && ByteSet.hexadecimal.contains(segment[index + 4])
                if isPercent && isFollowed { return true }
                index += 3
            } else {
                index += 1
            }
        }
        return false
    }

    /// Moves the canonical path out, so that the caller is its only owner.
    mutating func takeText() -> [UInt8] {
        defer { text = [] }
        return text
    }
}
