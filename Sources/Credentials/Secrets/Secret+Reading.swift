extension Secret {
    /// Reads a secret that stands by itself, such as the admin port's token.
    package static func read(_ source: SecretSource, as format: SecretFormat = .headerText) throws(SecretFault) -> Secret {
        try SecretReader.read(source, as: format)
    }
}
