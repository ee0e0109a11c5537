/// Names that can't exist in the public DNS, so that a page in a browser on this machine can't have one of them as
/// its own.
package enum LocalAuthority {
    /// Whether an authority names an address or this machine.
    package static func isLocal(_ authority: String) -> Bool {
        if authority.hasPrefix("[") { return authority.wholeMatch(of: /\[[0-9A-Fa-f:.]+(%[0-9A-Za-z._~%-]+)?\](:[0-9]*)?/) != nil }
        let host = authority.prefix { $0 != ":" }.lowercased()
        if host.hasSuffix(".localhost") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 1 { return !host.isEmpty }
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
