/// What happened to a credential while it was looked after; each one is worth a record.
package enum CredentialEvent: Equatable, Sendable {
    /// New material is in use from now on, because a secret's file was replaced.
    case rotated(accessKeyTail: String?)
    /// New material could not be read; the old one stays in use.
    case rotationFailed(SecretFault)
    /// The first failed renewal after a good one; what is at hand stays in use while it is valid.
    case renewalFailed(IAMFault)
    /// The first good renewal after failed ones.
    case renewalRecovered
    /// The cloud refused the key too often in a row: it rests.
    case suspended(failures: Int)
    /// A probe succeeded: the key is in use again.
    case resumed
}
