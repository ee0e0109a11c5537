/// Uses the first method that is set up here, in the official SDKs' order (protocol page b.5).
struct ChainFetcher: MaterialFetcher {
    let links: [any MaterialFetcher]

    var inputs: [String] { links.flatMap(\.inputs) }
    var renewsOnChange: Bool { links.contains { $0.renewsOnChange } }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        var last = IAMFault(.iam, .notConfigured)
        for link in links {
            do throws(IAMFault) {
                return try await link.fetch()
            } catch {
                // A method that is partly set up and fails ends the search, because no other identity may be used in its place. Only for the metadata
                // service can "not there" not be distinguished from "not answering".
                guard error.kind == .notConfigured || error.service == .metadata else { throw error }
                if error.kind != .notConfigured { last = error }
            }
        }
        throw last
    }
}

/// A method that is only partly set up. Each fetch fails and says so.
struct IncompleteFetcher: MaterialFetcher {
    let sentence: String

    func fetch() async throws(IAMFault) -> FetchedMaterial { throw IAMFault(.iam, .incomplete(sentence)) }
}

/// Keys in the environment, as the SDKs read them: `HUAWEICLOUD_SDK_AK`, `_SK` and `_SECURITY_TOKEN`.
struct EnvironmentFetcher: MaterialFetcher {
    static let accessKey = "HUAWEICLOUD_SDK_AK"
    static let secretKey = "HUAWEICLOUD_SDK_SK"
    static let securityToken = "HUAWEICLOUD_SDK_SECURITY_TOKEN"

    /// Nil if the variable is not set or empty.
    let read: @Sendable (String) -> SecretSource?

    /// Whether this method is at least partly set up.
    var isBegun: Bool { [Self.accessKey, Self.secretKey, Self.securityToken].contains { read($0) != nil } }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        guard isBegun else { throw IAMFault(.iam, .notConfigured) }
        guard let id = read(Self.accessKey) else { throw missing(Self.accessKey) }
        guard let secretKey = read(Self.secretKey) else { throw missing(Self.secretKey) }
        do throws(SecretFault) {
            let id = try SecretReader.read(id, as: .accessKeyID).withBytes { String(decoding: $0, as: UTF8.self) }
            var token: Secret?
            if let source = read(Self.securityToken) { token = try SecretReader.read(source, as: .headerText) }
            let pair = AccessKeyPair(accessKeyID: id, secretKey: try SecretReader.read(secretKey, as: .text), securityToken: token)
            return FetchedMaterial(.signingKey(SigningKey(pair)), lifetime: nil, expiry: nil)
        } catch {
            throw IAMFault(.iam, .secret(error))
        }
    }

    private func missing(_ name: String) -> IAMFault {
        IAMFault(
            .iam, .incomplete(DefaultChain.incomplete([Self.accessKey, Self.secretKey, Self.securityToken].filter { read($0) != nil }, name)))
    }
}
