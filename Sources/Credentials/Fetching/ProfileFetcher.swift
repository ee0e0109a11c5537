/// Keys, or the way to them, in the SDKs' profile file (protocol page b.5).
struct ProfileFetcher: MaterialFetcher {
    let path: String
    let place: IdentityPlace

    var inputs: [String] { [path] }
    var renewsOnChange: Bool { true }

    func fetch() async throws(IdentityFault) -> FetchedMaterial {
        // No file, no profile. One that is there and can't be read is a fault.
        guard FileFingerprint(path: path) != nil else { throw IdentityFault(.iam, .notConfigured) }
        let profile: Profile
        do throws(SecretFault) {
            profile = try Profile(path: path)
        } catch {
            throw IdentityFault(.iam, .secret(error))
        }
        if let provider = profile.text("idp_id"), let file = profile.text("id_token_file") {
            return try await FederationFetcher(identityProvider: provider, idToken: .file(path: file), place: place).fetch()
        }
        guard let id = profile.text("ak"), let secretKey = profile["sk"] else { throw IdentityFault(.iam, .notConfigured) }
        let pair = AccessKeyPair(accessKeyID: id, secretKey: secretKey, securityToken: profile["security_token"])
        return FetchedMaterial(.signingKey(SigningKey(pair)), lifetime: nil, expiry: nil)
    }
}

/// The gateway's section of a profile file. The SDKs look for it under three names, depending on how they were set up.
struct Profile {
    private static let sections: Set<String> = ["basic", "basiccredentials", "basic.credentials"]

    private var values: [String: Secret] = [:]

    init(path: String) throws(SecretFault) {
        let content = try SecretReader.readWhole(path)
        values = content.withBytes { Self.values(in: $0) }
        let origin = SecretOrigin.file(path: path)
        for (name, format) in [("ak", SecretFormat.accessKeyID), ("sk", .text), ("security_token", .headerText)] {
            guard let value = values[name], let reason = value.withBytes({ format.fault(in: $0) }) else { continue }
            throw SecretFault(origin: origin, reason: reason)
        }
    }

    subscript(name: String) -> Secret? { values[name] }

    func text(_ name: String) -> String? {
        values[name].map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
    }

    /// INI: sections in brackets, `name = value` or `name: value`, comments behind `#` or `;` at a line's start.
    private static func values(in bytes: UnsafeBufferPointer<UInt8>) -> [String: Secret] {
        var values: [String: Secret] = [:]
        var isOurs = false
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let line = trimmed(line)
            guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { continue }
            if first == UInt8(ascii: "["), line.last == UInt8(ascii: "]") {
                isOurs = sections.contains(String(decoding: line.dropFirst().dropLast(), as: UTF8.self).lowercased())
                continue
            }
            guard isOurs, let separator = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else { continue }
            let name = String(decoding: trimmed(line[..<separator]), as: UTF8.self).lowercased()
            let value = trimmed(line[(separator + 1)...])
            if !value.isEmpty { values[name] = Secret(copying: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: value))) }
        }
        return values
    }

    private static func trimmed(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }
}
