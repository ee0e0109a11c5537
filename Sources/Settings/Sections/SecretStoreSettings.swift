/// The stores that references such as `vault:…` and `csms:…` refer to.
package struct SecretStoreSettings: Sendable, Hashable {
    /// HashiCorp Vault.
    package struct Vault: Sendable, Hashable {
        /// How the gateway authenticates to it.
        package enum Login: Sendable, Hashable {
            case token(SecretReference)
            /// The auth method `kubernetes`: the pod's own token is exchanged.
            case kubernetes(role: String, mount: String, tokenFile: String)
        }

        package let address: EndpointURL
        package let namespace: String?
        /// Nil when none is configured, which is reported.
        package let login: Login?
        package let authorityFile: String?
    }

    /// Huawei Cloud's CSMS.
    package struct CSMS: Sendable, Hashable {
        /// The source of the keys for CSMS.
        package enum Keys: Sendable, Hashable {
            case given(access: AccessKeyReference, secret: SecretReference, securityToken: SecretReference?)
            /// Temporary ones of the machine's agency, from its metadata service; nil for the usual address.
            case metadata(EndpointURL?)
        }

        package let endpoint: EndpointURL
        package let project: String
        package let keys: Keys
        package let authorityFile: String?
    }

    package let vault: Vault?
    package let csms: CSMS?
    /// How often each secret is fetched.
    package let refresh: Duration
    /// How long one request may take.
    package let timeout: Duration
}
