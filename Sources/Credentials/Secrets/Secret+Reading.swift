extension Secret {
    /// Reads a secret that stands by itself, such as the admin port's token.
    package static func read(_ source: SecretSource) throws(SecretFault) -> Secret {
        try SecretReader.read(source, as: .headerText)
    }
}
