/// What failed in TLS.
package enum TLSFault: Sendable, Equatable {
    /// No chain to a trusted authority.
    case untrustedCertificate
    /// A certificate is expired or not yet valid.
    case expiredCertificate
    /// The certificate is for another host.
    case wrongHost
    /// The public key is not among the pinned ones.
    case pinnedKeyMismatch
    /// No common version or cipher, or the peer aborted the handshake.
    case handshake
}
