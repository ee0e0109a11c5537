extension StoredCredential {
    /// An access key pair; `securityToken` when it is a temporary one. Reads everything at once.
    package static func accessKey(
        id: SecretSource, secretKey: SecretSource, securityToken: SecretSource? = nil
    ) throws(SecretFault) -> StoredCredential {
        var parts = [SecretPart(source: id, format: .accessKeyID), SecretPart(source: secretKey, format: .text)]
        if let securityToken { parts.append(SecretPart(source: securityToken, format: .headerText)) }
        return try StoredCredential(type: .aksk, parts: parts)
    }

    /// A token. Reads it at once.
    package static func token(_ source: SecretSource) throws(SecretFault) -> StoredCredential {
        try StoredCredential(type: .token, parts: [SecretPart(source: source, format: .headerText)])
    }
}
