/// Whether a request was made by a page of another site in a user's browser.
///
/// A browser adds nothing of the page's to such a request that the page could not add itself, but it says where the page came from: in
/// `Sec-Fetch-Site` (W3C Fetch Metadata) and in `Origin` (RFC 6454), which no script can set. Proofs that come with the connection - an
/// address, a socket, a client certificate - are given by the browser too, whatever page it shows.
package struct BrowserOrigin {
    /// Values of `Origin` and `Sec-Fetch-Site`, in the order received. No browser sends one of them twice.
    package private(set) var origins: [String] = []
    package private(set) var sites: [String] = []

    /// Whether there are fields that only browsers send, and no script can set: client hints, and Fetch Metadata except for `Sec-Fetch-Mode`, which
    /// programs for Node.js send too.
    private(set) var showsMetadata = false

    /// Nearly every request comes from no browser at all.
    package var isSilent: Bool { origins.isEmpty && sites.isEmpty }

    init() {}

    package init(origins: [String], sites: [String]) {
        self.origins = origins
        self.sites = sites
    }

    /// Whether a `User-Agent` is a browser's: they all begin with this text today, and no page can send another one to a different site without a
    /// preflight request. Windows PowerShell, which begins so too, shows no pages.
    static func isBrowser(_ userAgent: String?) -> Bool {
        guard let userAgent, String(decoding: userAgent.utf8.prefix(8), as: UTF8.self).isField("mozilla/") else { return false }
        return !userAgent.contains("PowerShell/")
    }

    /// Takes an `Origin`.
    mutating func add(origin: String) { origins.append(origin) }

    /// Takes a `Sec-Fetch-Site`.
    mutating func add(site: String) { sites.append(site) }

    /// Takes other Fetch Metadata.
    mutating func noteMetadata() { showsMetadata = true }

    /// Whether the request comes from another origin than the one that it is sent to. An unreadable value counts as foreign.
    /// - Parameter host: the request's own `Host`.
    package func isForeign(to host: String?) -> Bool {
        // `none` is an action of the user: a typed address, a bookmark. `same-site` is another host or port of the same
        // site.
        if sites.contains(where: { !$0.isField("same-origin") && !$0.isField("none") }) || sites.count > 1 { return true }
        guard let origin = origins.first else { return false }
        return origins.count > 1 || !Self.isSame(origin, as: host)
    }

    /// Whether `scheme://host[:port]` names the host that the request is addressed to. `null`, the origin of sandboxed and local pages, doesn't.
    private static func isSame(_ origin: String, as host: String?) -> Bool {
        let defaultPort: Int
        let rest: Substring
        if origin.utf8.starts(with: "http://".utf8) {
            (defaultPort, rest) = (80, origin.dropFirst("http://".utf8.count))
        } else if origin.utf8.starts(with: "https://".utf8) {
            (defaultPort, rest) = (443, origin.dropFirst("https://".utf8.count))
        } else {
            return false
        }
        guard let host, let named = Authority(host), let page = Authority(String(rest)) else { return false }
        return page.host == named.host && (page.port ?? defaultPort) == (named.port ?? defaultPort)
    }
}
