/// The listener for health, metrics, the audit API and the console.
package struct AdminSettings: Sendable, Hashable {
    package let address: ListenAddress
    /// The bearer token that every request must carry; needed when the address is not loopback.
    package let token: SecretReference?
}
