extension Secret {
    /// Appends the field that carries the secret as a bearer token (RFC 6750 section 2.1), for a port of the gateway's own.
    package func appendAuthorization(to head: inout [UInt8]) {
        head += Array("Authorization: Bearer ".utf8)
        withBytes { head += $0 }
        head += Array("\r\n".utf8)
    }
}
