import Audit
import Transport

/// Reports on the certificates of an endpoint.
struct CertificateExamination: Sendable {
    let endpoint: NetworkExamination.Endpoint
    /// `upstream.pinned_public_key`, if it applies to this endpoint.
    let pinned: String?

    /// How long before its expiry a certificate is worth a warning, seconds: automatic renewal happens earlier.
    private static let notice: Int64 = 14 * 86_400

    func finding(_ answer: Result<UpstreamTrial.Answer, TransportError>, _ chain: [CertificateTrial.Shown]?) -> DoctorFinding {
        let now = Timestamp.now().microseconds / 1_000_000
        if case .failure(.tls(let fault)) = answer { return refused(fault, chain, now) }
        guard let chain, let own = chain.first else {
            guard case .success = answer else {
                return DoctorFinding(
                    .tls, endpoint.subject, .failure, "No certificate was shown.", "Check that the port speaks TLS and that nothing between ends it.")
            }
            return DoctorFinding(.tls, endpoint.subject, .ok, "The certificate is trusted\(pinned == nil ? "" : " and the key is the pinned one").")
        }
        let ending = chain.min { $0.end < $1.end } ?? own
        let isSoon = ending.end - now < Self.notice
        let pin = pinned == nil ? "" : " The key is a pinned one."
        return DoctorFinding(
            .tls, endpoint.subject, isSoon ? .warning : .ok, "\(describe(chain, now))\(pin)",
            isSoon ? "Have whoever runs the endpoint renew the certificate before it ends." : nil)
    }

    private func describe(_ chain: [CertificateTrial.Shown], _ now: Int64) -> String {
        guard let own = chain.first else { return "No certificate was shown." }
        let days = (own.end - now) / 86_400
        let issuers = chain.map(\.issuer).joined(separator: " ← ")
        let end = Timestamp(microseconds: own.end &* 1_000_000)
        let left = own.end < now ? "ended" : "in \(days) days"
        return "Certificate of \(own.subject), issued by \(issuers), \(chain.count) in the chain, ends \(end) (\(left))."
    }

    private func refused(_ fault: TLSFault, _ chain: [CertificateTrial.Shown]?, _ now: Int64) -> DoctorFinding {
        let shown = chain.map { " " + describe($0, now) } ?? ""
        let (message, advice): (String, String)
        switch fault {
        case .untrustedCertificate:
            (message, advice) = (
                "No trusted authority vouches for the certificate.",
                "If the chain is the one that is meant, put its authority into upstream.ca_file; otherwise something answers in the endpoint's place."
            )
        case .expiredCertificate:
            (message, advice) = (
                "The certificate is out of its time.", "Have it renewed, after a look at this machine's clock and at who shows it."
            )
        case .wrongHost:
            (message, advice) = (
                "The certificate is for another host.", "Correct the endpoint's name: it must be one that the certificate names."
            )
        case .pinnedKeyMismatch:
            let key = chain?.first?.pin.map { ": it shows \($0)" } ?? ""
            (message, advice) = (
                "The public key is none of upstream.pinned_public_key\(key).",
                "If the key was changed as announced, add the new one; otherwise keep it as it is and ask who answers there."
            )
        case .handshake:
            (message, advice) = (
                "TLS can't be agreed on.", "Check that the port speaks TLS 1.2 or newer and that nothing between ends it."
            )
        }
        return DoctorFinding(.tls, endpoint.subject, .failure, message + shown, advice)
    }
}
