package import NIOHTTP1

/// Whether a connection stays open after the response (RFC 9112 section 9.3).
package enum KeepAlive {
    package static func isWanted(by head: HTTPRequestHead, _ fields: InboundFields) -> Bool {
        var closes = false
        var keeps = false
        for value in fields.connection {
            value.forEachMember { option in
                if option.isField("close") || option.isField("upgrade") { closes = true }
                if option.isField("keep-alive") { keeps = true }
            }
        }
        // The bytes after a request for an upgrade may not be HTTP.
        return closes ? false : head.version == .http1_0 ? keeps : true
    }
}
