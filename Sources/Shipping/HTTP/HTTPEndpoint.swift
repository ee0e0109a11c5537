package import Transport

/// Where to POST, and with which credentials.
package struct HTTPEndpoint: Sendable {
    package let origin: Origin
    private let path: String
    package var transport: TransportConfiguration
    /// A file with `Name: value` lines that are sent as headers: they may contain a token.
    package let headersFile: String?

    package init(origin: Origin, path: String, transport: TransportConfiguration, headersFile: String?) {
        self.origin = origin
        self.path = path
        self.transport = transport
        self.headersFile = headersFile
    }

    /// The URL's path; `fallback` when it has none.
    func path(or fallback: String) -> String { path.isEmpty || path == "/" ? fallback : path }
}
