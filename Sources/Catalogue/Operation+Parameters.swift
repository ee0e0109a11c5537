extension Operation {
    package var queryParameters: [QueryParameter] {
        entries(OperationTable.Column.queryParameters).map(Self.queryParameter(at:))
    }

    /// The value of a path parameter in a path that was matched to this operation, percent-encoded as it is there.
    package func value(ofPathParameter name: String, in path: String) -> Substring? {
        guard let range = range(ofPathParameter: name, in: path.utf8.span) else { return nil }
        let start = path.utf8.index(path.startIndex, offsetBy: range.lowerBound)
        return path[start..<path.utf8.index(start, offsetBy: range.count)]
    }

    /// The byte range of a parameter's value in a path that was matched to this operation.
    ///
    /// Nothing is stored by matching: the position of the segment is known, so the value is found again in one pass.
    package func range(ofPathParameter name: String, in path: Span<UInt8>) -> Range<Int>? {
        for entry in entries(OperationTable.Column.pathParameters)
        where OperationTable.parameterNames[Int(OperationTable.pathParameterNames[entry])] == name {
            return Self.segment(Int(OperationTable.pathParameterSegments[entry]), of: path)
        }
        return nil
    }

    private static func queryParameter(at entry: Int) -> QueryParameter {
        QueryParameter(
            name: OperationTable.parameterNames[Int(OperationTable.queryParameterNames[entry])],
            repeats: OperationTable.queryParameterRepeats[entry] == 1)
    }

    /// The segment at a position from 0; each segment, also that at 0, begins with its slash.
    private static func segment(_ position: Int, of path: Span<UInt8>) -> Range<Int>? {
        let slash = UInt8(ascii: "/")
        var slashes = 0
        var start = 0
        for index in path.indices where path[index] == slash {
            if slashes == position + 1 { return start..<index }
            slashes += 1
            start = index + 1
        }
        return slashes == position + 1 ? start..<path.count : nil
    }
}
