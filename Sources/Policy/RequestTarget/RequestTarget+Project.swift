extension RequestTarget {
    /// The position of the project in `/v5/{project}/…`.
    private static let projectPosition = 1

    /// The first segment of every HSS path that is served.
    private static let version: [UInt8] = Array("v5".utf8)

    /// Whether the path begins with `/v5/` and one more segment.
    package var namesProject: Bool {
        segmentEnds.count > Self.projectPosition && segmentEnds[0] == 3 && bytes[1] == Self.version[0] && bytes[2] == Self.version[1]
    }

    /// The segment at the position of the project; nil if the path doesn't begin with `/v5/` and one more segment.
    ///
    /// The operations under `/v5/setting/account` have no project: their segment is `setting`.
    package var projectReference: ProjectReference? {
        guard namesProject else { return nil }
        return ProjectReference(segment: segments[Self.projectPosition])
    }

    /// The same target with another project. `id` comes from the settings, which allow letters, digits and `- . _ ~` only.
    package func replacingProject(with id: String) -> RequestTarget {
        precondition(namesProject, "only a path with a project can get another one")
        precondition(id.utf8.count <= Self.maximumProjectBytes, "a project's id has a length that fits")
        precondition(Self.isPlain(id.utf8.span), "a project's id is plain text")
        let old = segments.range(of: Self.projectPosition)
        if isEqual(bytes.span.extracting(old), id.utf8.span) { return self }
        let shift = id.utf8.count - old.count
        var replaced: [UInt8] = []
        // Room is left for the enterprise project, which is often put in next.
        replaced.reserveCapacity(bytes.count + shift + EnterpriseProjectParameter.nameBytes.count + id.utf8.count)
        replaced.append(contentsOf: bytes[..<old.lowerBound])
        replaced.append(contentsOf: id.utf8)
        replaced.append(contentsOf: bytes[old.upperBound...])
        var ends = segmentEnds
        for position in Self.projectPosition..<ends.count {
            ends[position] = UInt16(Int(ends[position]) + shift)
        }
        let range = enterpriseProjectRange.map { $0.lowerBound + shift..<$0.upperBound + shift }
        return RequestTarget(bytes: replaced, pathEnd: pathEnd + shift, segmentEnds: ends, enterpriseProjectRange: range)
    }

    private static func isPlain(_ id: Span<UInt8>) -> Bool {
        var dots = 0
        for index in id.indices {
            guard ByteSet.unreserved.contains(id[index]) else { return false }
            if id[index] == UInt8(ascii: ".") { dots += 1 }
        }
        // Neither empty nor a dot segment.
        return id.count > 2 || id.count > dots
    }

    private func isEqual(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Bool {
        guard first.count == second.count else { return false }
        for index in first.indices where first[index] != second[index] { return false }
        return true
    }
}
