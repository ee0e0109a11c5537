/// Turns the query of a raw target into canonical pairs, in the order received.
///
/// `+` is data, as it is for every SDK's signer (protocol page a.3): it becomes `%2B`. Reading it as a space, as HTML forms do, would sign a
/// different text than the caller wrote.
struct QueryParser {
    /// The canonical bytes; the query is appended to the path that is there already.
    private var text: [UInt8]
    private(set) var pairs: [QueryPair] = []
    private var hasEnterpriseProject = false
    /// Index of the next unread byte of the raw target.
    private var index: Int

    /// A typical query has no more parameters than this.
    private static let typicalPairs = 8

    init(after path: [UInt8], at index: Int) {
        text = path
        self.index = index
    }

    /// Reads to the end. Empty pairs (`&&`) are left out, as every parser does.
    mutating func parse(_ raw: Span<UInt8>) throws(RequestTargetError) {
        text.append(UInt8(ascii: "?"))
        while index < raw.count {
            if raw[index] == UInt8(ascii: "&") {
                index += 1
            } else {
                try parsePair(raw)
            }
        }
    }

    private mutating func parsePair(_ raw: Span<UInt8>) throws(RequestTargetError) {
        guard pairs.count < RequestTarget.maximumQueryPairs else { throw .tooManyQueryPairs(limit: RequestTarget.maximumQueryPairs) }
        if pairs.isEmpty {
            pairs.reserveCapacity(Self.typicalPairs)
        } else {
            text.append(UInt8(ascii: "&"))
        }
        let rawStart = index
        let start = text.count
        let isPlain = try parseText(raw, isName: true)
        let equals = text.count
        text.append(UInt8(ascii: "="))
        let name = try judgeName(text[start..<equals], isPlain: isPlain, at: rawStart)
        if index < raw.count, raw[index] == UInt8(ascii: "=") { index += 1 }
        _ = try parseText(raw, isName: false)
        try judgeValue(text[(equals + 1)...], of: name)
        guard text.count <= RequestTarget.maximumBytes else { throw .tooLong(bytes: text.count, limit: RequestTarget.maximumBytes) }
        pairs.append(QueryPair(start: start, equals: equals, end: text.count))
    }

    /// Reads a name, up to `=` or `&`, or a value, up to `&`. Returns whether it consists of unreserved characters, written without escapes.
    private mutating func parseText(_ raw: Span<UInt8>, isName: Bool) throws(RequestTargetError) -> Bool {
        var isPlain = true
        while true {
            index = UnreservedRun.copy(from: raw, at: index, to: &text)
            guard index < raw.count else { return isPlain }
            let byte = raw[index]
            if byte == UInt8(ascii: "&") || (isName && byte == UInt8(ascii: "=")) { return isPlain }
            isPlain = false
            if byte == UInt8(ascii: "%") {
                try parseEscape(raw)
            } else if ByteSet.queryDelimiters.contains(byte) {
                PercentCoding.append(byte, to: &text)
                index += 1
            } else {
                throw RawByteFault.inQuery(byte, at: index)
            }
        }
    }

    private mutating func parseEscape(_ raw: Span<UInt8>) throws(RequestTargetError) {
        guard let byte = PercentCoding.decodedByte(in: raw, at: index) else { throw .invalidPercentEscape(at: index) }
        switch byte {
        case 0x00...0x1F, 0x7F: throw .controlCharacter(at: index)
        case 0x80...0xFF:
            let scalar = try EscapedScalar(lead: byte, in: raw, at: index)
            if scalar.isControl { throw .controlCharacter(at: index) }
            scalar.append(to: &text, from: raw, at: index)
            index = scalar.end
        default:
            PercentCoding.append(byte, to: &text)
            index += 3
        }
    }

    private mutating func judgeName(_ name: ArraySlice<UInt8>, isPlain: Bool, at rawStart: Int) throws(RequestTargetError) -> QueryName {
        guard !name.isEmpty, name.count <= RequestTarget.maximumQueryNameBytes else { throw .queryName(at: rawStart) }
        let kind = QueryName(canonical: name)
        switch kind {
        case .enterpriseProjectLookAlike: throw .enterpriseProject(.lookAlikeName)
        case .project: throw .projectInQuery(at: rawStart)
        case .credential: throw .credentialInQuery(at: rawStart)
        case .enterpriseProject:
            guard isPlain else { throw .enterpriseProject(.encodedName) }
            guard !hasEnterpriseProject else { throw .enterpriseProject(.repeated) }
            hasEnterpriseProject = true
        case .ordinary: break
        }
        if isPlain { return kind }  // unreserved characters are all plain enough for a name
        for byte in DecodedBytes(canonical: name) where !ByteSet.queryName.contains(byte) {
            throw .queryName(at: rawStart)
        }
        return kind
    }

    private func judgeValue(_ value: ArraySlice<UInt8>, of name: QueryName) throws(RequestTargetError) {
        if case .enterpriseProject = name {
            do throws(EnterpriseProjectFault) {
                try EnterpriseProjectParameter.check(value)
            } catch {
                throw .enterpriseProject(error)
            }
        } else if Self.hidesEnterpriseProject(value) {
            throw .enterpriseProject(.hiddenInValue)
        }
    }

    /// Whether a server that decodes before it splits would find the parameter in this value: it must hold an encoded separator for that.
    private static func hidesEnterpriseProject(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count > EnterpriseProjectParameter.foldedNameBytes, value.contains(UInt8(ascii: "%")) else { return false }
        guard DecodedBytes(canonical: value).contains(where: { separators.contains($0) }) else { return false }
        return FoldedName(DecodedBytes(canonical: value)).contains(EnterpriseProjectParameter.foldedName)
    }

    /// `& ; ?`.
    private static let separators = ByteSet(low: 0x8800_0040_0000_0000, high: 0)

    /// Moves the canonical path and query out, so that the caller is their only owner.
    mutating func takeText() -> [UInt8] {
        defer { text = [] }
        return text
    }
}
