/// Keys, or what is needed to obtain them, from the SDKs' profile file (protocol page b.5).
struct ProfileFetcher: MaterialFetcher {
    let profile: ProfileFile
    let place: IAMContext

    var inputs: [String] { [profile.path] }
    var renewsOnChange: Bool { true }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        guard let content = try profile.content() else { throw IAMFault(.iam, .notConfigured) }
        let way = try content.way(in: profile.path)
        switch way {
        case .keys(let pair): return FetchedMaterial(.signingKey(SigningKey(pair)), lifetime: nil, expiry: nil)
        case .federation(let provider, let tokenFile):
            let place = try profile.place(content, place)
            return try await FederationFetcher(identityProvider: provider, idToken: .file(path: tokenFile), place: place).fetch()
        }
    }
}

/// The path of the profile, and what is needed to read it.
package struct ProfileFile: Sendable {
    package let path: String
    /// Whether the file was configured explicitly. The default file may be absent.
    package let isNamed: Bool
    /// Makes an endpoint from a base URL; nil if it is invalid or not safe for sending a token.
    package let endpoint: @Sendable (String) -> IAMEndpoint?

    package init(path: String, isNamed: Bool, endpoint: @escaping @Sendable (String) -> IAMEndpoint?) {
        self.path = path
        self.isNamed = isNamed
        self.endpoint = endpoint
    }

    /// The profile; nil if there is no such file and none was configured explicitly.
    func content() throws(IAMFault) -> Profile? {
        guard isNamed || FileFingerprint(path: path) != nil else { return nil }
        return try Profile(path: path)
    }

    /// The context with the profile's IAM endpoint, if the profile names one.
    func place(_ content: Profile, _ place: IAMContext) throws(IAMFault) -> IAMContext {
        guard let text = try content.text("iam_endpoint") else { return place }
        guard let endpoint = endpoint(text) else {
            let sentence = "`iam_endpoint` in the profile file \(path) is not an https base URL; http is accepted for loopback addresses only."
            throw IAMFault(.iam, .incomplete(sentence))
        }
        return place.asking(iam: endpoint)
    }
}

extension Profile {
    /// What a profile contains; the SDKs prefer the first if both are there.
    enum Way {
        case federation(provider: String, tokenFile: String)
        case keys(AccessKeyPair)
    }

    func way(in path: String) throws(IAMFault) -> Way {
        let (provider, tokenFile) = (try text("idp_id"), try text("id_token_file"))
        if let provider, let tokenFile { return .federation(provider: provider, tokenFile: tokenFile) }
        if provider != nil || tokenFile != nil {
            let (there, missing) = provider != nil ? ("idp_id", "id_token_file") : ("id_token_file", "idp_id")
            throw IAMFault(.iam, .incomplete("The profile file \(path) has `\(there)` without `\(missing)`."))
        }
        guard let id = try text("ak", as: .accessKeyID) else { throw missing("ak", in: path) }
        guard let secretKey = try secret("sk", as: .text) else { throw missing("sk", in: path) }
        return .keys(AccessKeyPair(accessKeyID: id, secretKey: secretKey, securityToken: try secret("security_token", as: .headerText)))
    }

    private func missing(_ name: String, in path: String) -> IAMFault {
        IAMFault(.iam, .incomplete("The profile file \(path) has no `\(name)` in its section [\(Self.sections[0])]."))
    }
}
