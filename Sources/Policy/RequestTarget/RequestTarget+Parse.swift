extension RequestTarget {
    /// Parses a raw target in origin-form (RFC 9112 section 3.2.1).
    package init(originForm raw: Span<UInt8>) throws(RequestTargetError) {
        guard raw.count <= Self.maximumBytes else { throw .tooLong(bytes: raw.count, limit: Self.maximumBytes) }
        var path = PathParser()
        let rawPathEnd = try path.parse(raw)
        // Each parser moves its text out: a second owner would make the next append copy the bytes.
        let pathText = path.takeText()
        let pathEnd = pathText.count
        var query = QueryParser(after: pathText, at: rawPathEnd + 1)
        if rawPathEnd < raw.count { try query.parse(raw) }
        let sorted = SortedQuery(text: query.takeText(), pairs: query.pairs, pathEnd: pathEnd)
        self.init(
            bytes: sorted.text, pathEnd: pathEnd, segmentEnds: path.segmentEnds, enterpriseProjectRange: sorted.enterpriseProjectRange
        )
    }

    /// Parses a raw target in origin-form (RFC 9112 section 3.2.1).
    package init(originForm raw: String) throws(RequestTargetError) {
        try self.init(originForm: raw.utf8.span)
    }
}
