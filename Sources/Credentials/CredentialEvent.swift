/// A change of a credential that was noticed by `refresh`; each gets a record.
package enum CredentialEvent: Equatable, Sendable {
    /// New material is in use from now on, because a secret's file was replaced.
    case rotated(accessKeyTail: String?)
    /// New material could not be read; the old one stays in use.
    case rotationFailed(SecretFault)
    /// The first failed renewal after a successful one; the current material stays in use while it is valid.
    case renewalFailed(IAMFault)
    /// The first successful renewal after failed ones.
    case renewalRecovered
    /// The cloud refused the key too often in a row: the key is suspended.
    case suspended(failures: Int)
    /// A probe succeeded: the key is in use again.
    case resumed
}
