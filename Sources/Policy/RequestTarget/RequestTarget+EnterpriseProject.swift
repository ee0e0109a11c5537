extension RequestTarget {
    /// The caller's `enterprise_project_id`, when there is one. It is well-formed; the policy decides whether it is allowed.
    package var enterpriseProject: String? {
        enterpriseProjectRange.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The same target with a default enterprise project at its place in the order, when it names none itself.
    ///
    /// `value` comes from the settings, which check it with `EnterpriseProjectParameter.isValid`.
    package func settingEnterpriseProject(_ value: String) -> RequestTarget {
        guard enterpriseProjectRange == nil else { return self }
        precondition(EnterpriseProjectParameter.isValid(value), "a default enterprise project is checked before it is used")
        let position = positionForEnterpriseProject
        let name = EnterpriseProjectParameter.nameBytes
        var extended: [UInt8] = []
        extended.reserveCapacity(bytes.count + name.count + value.utf8.count + 2)
        extended.append(contentsOf: bytes[..<position])
        extended.append(position == pathEnd ? UInt8(ascii: "?") : UInt8(ascii: "&"))
        extended.append(contentsOf: name)
        extended.append(UInt8(ascii: "="))
        let start = extended.count
        extended.append(contentsOf: value.utf8)
        let range = start..<extended.count
        if position < bytes.count {
            // The rest begins with its own separator, which was a `?` if the new pair is now the first.
            extended.append(UInt8(ascii: "&"))
            extended.append(contentsOf: bytes[(position + 1)...])
        }
        return RequestTarget(bytes: extended, pathEnd: pathEnd, segmentEnds: segmentEnds, enterpriseProjectRange: range)
    }

    /// Where the separator before the new pair belongs: the `?` or `&` in front of the first name that sorts after it, or the end.
    private var positionForEnterpriseProject: Int {
        let text = bytes.span
        var separator = pathEnd
        while separator < text.count {
            if isAfterEnterpriseProject(nameAt: separator + 1) { return separator }
            repeat { separator += 1 } while separator < text.count && text[separator] != UInt8(ascii: "&")
        }
        return text.count
    }

    private func isAfterEnterpriseProject(nameAt start: Int) -> Bool {
        // The first letter nearly always decides, before escapes are decoded.
        if start < bytes.count, bytes[start] != UInt8(ascii: "%"), bytes[start] != EnterpriseProjectParameter.nameBytes[0] {
            return EnterpriseProjectParameter.nameBytes[0] < bytes[start]
        }
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "=")) ?? bytes.count
        return EnterpriseProjectParameter.nameBytes.lexicographicallyPrecedes(DecodedBytes(canonical: bytes[start..<end]))
    }
}
