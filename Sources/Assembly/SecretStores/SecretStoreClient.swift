import Settings

/// Reads secrets from one kind of store; keeps state between two calls, such as a login.
protocol SecretStoreClient {
    /// The bytes of the secret of a reference.
    mutating func read(_ reference: StoreReference) throws(StoreFault) -> [UInt8]
}

/// Why a store returned no secret, in a sentence for the operator that names the reference and never contains a
/// value.
struct StoreFault: Error, Sendable, Hashable {
    /// Begins with a capital letter and ends with a full stop.
    let sentence: String
    /// Whether the store itself can't be used, for any secret.
    var isOfStore = false
}
