import Settings

/// Asks one kind of store for secrets; keeps what it learnt between two questions, such as a login.
protocol SecretStoreClient {
    /// The bytes of the secret that a reference names.
    mutating func read(_ reference: StoreReference) throws(StoreFault) -> [UInt8]
}
