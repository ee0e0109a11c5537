import SwiftASN1
import X509

/// What a client's certificate calls its holder. Whether to believe it was decided before, by the listener's authority.
package enum PeerCertificate {
    /// More names than this are nobody's.
    private static let mostNames = 64

    /// DNS names in lower case and URIs as they stand there; empty when the certificate has none, or can't be read.
    ///
    /// A URI without a colon is left out, so that none can pass for a DNS name.
    package static func names(der: [UInt8]) -> [String] {
        guard let certificate = try? Certificate(derEncoded: der), let names = try? certificate.extensions.subjectAlternativeNames else {
            return []
        }
        return names.prefix(mostNames).compactMap { name in
            switch name {
            case .dnsName(let text): text.lowercased()
            case .uniformResourceIdentifier(let text): text.contains(":") ? text : nil
            default: nil
            }
        }
    }
}
