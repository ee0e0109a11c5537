/// A name of a certificate's holder, together with its type: a DNS name that is spelled like a URI is still a DNS name (RFC 5280 section 4.2.1.6).
package enum CertificateName: Sendable, Hashable {
    /// In lower case, since DNS names have no case.
    case dns(String)
    /// As in the certificate.
    case uri(String)

    /// A name as written in the configuration: a name with a colon is a URI.
    package init(configured text: String) {
        self = text.utf8.contains(UInt8(ascii: ":")) ? .uri(text) : .dns(text.lowercased())
    }
}
