/// One of the secrets that make up a credential.
struct SecretPart: Sendable {
    let source: SecretSource
    let format: SecretFormat
}
