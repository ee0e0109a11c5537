/// Converts a request's target into origin-form (RFC 9112 section 3.2): the path and query that all later steps use.
package enum TargetForm {
    /// - Parameter host: the value of the Host field.
    /// - Throws: if the target is neither in origin-form nor in absolute-form with `http`, or if it names another host than the Host field.
    package static func originForm(of target: String, host: String?) throws(Refusal) -> String {
        if target.utf8.first == UInt8(ascii: "/") {
            return target
        }
        return try originForm(ofAbsolute: target, host: host)
    }

    /// A server must accept absolute-form; its authority has to be the one in the Host field, so that no parser sees another
    /// destination in it, which the gateway would ignore.
    private static func originForm(ofAbsolute target: String, host: String?) throws(Refusal) -> String {
        let scheme = "http://"
        guard target.utf8.count > scheme.utf8.count, target.prefix(scheme.count).lowercased() == scheme else {
            throw unsupported
        }
        let rest = target.dropFirst(scheme.count)
        guard let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) else { throw unsupported }
        guard let authority = Authority(String(rest[..<slash])), let host, let named = Authority(host), authority == named else {
            throw WireJudge.malformed(
                "The target names another host than the Host field.", "Send the path alone, or the same authority in both places."
            )
        }
        return String(rest[slash...])
    }

    private static var unsupported: Refusal {
        WireJudge.malformed("The request target is neither a path nor an absolute http URL.", "Send a path that begins with /v5/.")
    }
}
