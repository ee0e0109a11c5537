/// What failed in TLS.
package enum TLSFault: Sendable, Equatable {
    /// No chain to a trusted authority.
    case untrustedCertificate
    /// A certificate is out of its time.
    case expiredCertificate
    /// The certificate is for another host.
    case wrongHost
    /// The public key is none of the pinned ones.
    case pinnedKeyMismatch
    /// No agreement on version or cipher, or the peer broke off.
    case handshake
}
