package import Policy
import SwiftASN1
import X509

/// The names in a client's certificate, which was already verified with the listener's certificate authority.
package enum PeerCertificate {
    /// A certificate with more names than this has none.
    private static let mostNames = 64

    /// DNS names and URIs; empty when the certificate has none, or can't be read. A DNS name with bytes that no DNS name has is left out.
    package static func names(der: [UInt8]) -> [CertificateName] {
        guard let certificate = try? Certificate(derEncoded: der), let names = try? certificate.extensions.subjectAlternativeNames else {
            return []
        }
        guard names.count <= mostNames else { return [] }
        let read: [CertificateName] = names.compactMap { name in
            switch name {
            case .dnsName(let text): text.utf8.allSatisfy(isNameByte) ? .dns(text.lowercased()) : nil
            case .uniformResourceIdentifier(let text): .uri(text)
            default: nil
            }
        }
        return provesOneWorkload(read) ? read : read.filter(isDNSName)
    }

    private static func isDNSName(_ name: CertificateName) -> Bool { if case .dns = name { true } else { false } }

    /// Whether there is only one URI where one is a SPIFFE id: a certificate with two is none of a workload's (X509-SVID section 5.2).
    private static func provesOneWorkload(_ names: [CertificateName]) -> Bool {
        let uris = names.compactMap { if case .uri(let text) = $0 { text } else { nil } }
        return uris.count < 2 || !uris.contains { $0.prefix(9).lowercased() == "spiffe://" }
    }

    /// Letters, digits and the punctuation of names and wildcards (RFC 1034 section 3.5, RFC 6125 section 6.4.3).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "*"):
            true
        default:
            false
        }
    }
}
