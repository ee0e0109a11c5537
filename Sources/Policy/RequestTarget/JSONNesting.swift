/// The open objects and arrays, one bit a level, so that nesting costs no memory and no recursion.
struct JSONNesting {
    private(set) var depth = 0
    private var objects: UInt64 = 0
    private var objectsWithEnterpriseProject: UInt64 = 0

    var isInObject: Bool { objects & 1 == 1 }

    mutating func open(object: Bool) throws(JSONFault) {
        guard depth < EnterpriseProjectScan.maximumDepth else { throw .tooDeep(limit: EnterpriseProjectScan.maximumDepth) }
        depth += 1
        objects = objects << 1 | (object ? 1 : 0)
        objectsWithEnterpriseProject <<= 1
    }

    mutating func close() {
        depth -= 1
        objects >>= 1
        objectsWithEnterpriseProject >>= 1
    }

    /// Notes that the innermost object has an `enterprise_project_id`. Parsers differ in which of two equal keys they
    /// use (RFC 8259 section 4), so a second one is an error.
    mutating func noteEnterpriseProject() throws(JSONFault) {
        guard objectsWithEnterpriseProject & 1 == 0 else { throw .enterpriseProject(.repeated) }
        objectsWithEnterpriseProject |= 1
    }
}
