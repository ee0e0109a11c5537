extension Record {
    /// The most bytes the record's own strings and free values can take in a line; the escapes' growth is in it.
    var textBound: Int {
        var bound = Self.bound(requestID) + Self.bound(operation) + Self.bound(method) + Self.bound(path) + Self.bound(query)
        bound += Self.bound(rule) + Self.bound(errorCode) + Self.bound(reason) + Self.bound(event)
        if let caller { bound += Self.bound(caller.name) + Self.bound(caller.method) + Self.bound(caller.address) }
        if let project { bound += Self.bound(project.name) + Self.bound(project.id) + Self.bound(project.region) }
        bound += Self.bound(regionHeader)
        if let enterpriseProjectID { bound += Self.bound(enterpriseProjectID.value) }
        if let credential { bound += Self.bound(credential.name) + Self.bound(credential.type) + Self.bound(credential.accessKeyTail) }
        if let upstream { bound += Self.bound(upstream.requestID) + Self.bound(upstream.error) }
        if let export { bound += Self.bound(export.taskID) + Self.bound(export.fileID) }
        if let requestBody { bound += (requestBody.fields?.sizeBound ?? 0) + Self.bound(requestBody.text) }
        if let detail { bound += detail.sizeBound }
        return bound
    }

    @inline(__always)
    private static func bound(_ text: String?) -> Int {
        guard let text else { return 0 }
        return LineWriter.bound(of: text)
    }
}
