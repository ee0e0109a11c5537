import Settings

/// Which store a reference is asked of, without how: another token or another timeout is no other store.
enum StorePlace: Sendable, Hashable {
    case vault(EndpointURL, namespace: String?)
    case csms(EndpointURL, project: String)

    /// Those of a configuration.
    static func places(of settings: SecretStoreSettings?) -> [StoreReference.Store: StorePlace] {
        var places: [StoreReference.Store: StorePlace] = [:]
        if let vault = settings?.vault { places[.vault] = .vault(vault.address, namespace: vault.namespace) }
        if let csms = settings?.csms { places[.csms] = .csms(csms.endpoint, project: csms.project) }
        return places
    }
}
