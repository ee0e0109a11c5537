/// What happened to a credential while it was looked after; each one is worth a record.
package enum CredentialEvent: Equatable, Sendable {
    /// New material is in use from now on.
    case rotated(accessKeyTail: String?)
    /// New material could not be read; the old one stays in use.
    case rotationFailed(SecretFault)
}
