/// One request to IAM, STS or the metadata service.
struct IAMCall: Sendable {
    /// The largest body of an identity request; IAM's bodies are small.
    static let largestBody = 1_024 * 1_024

    let parts: SandboxParts
    let context: RequestContext

    var request: SandboxRequest { context.request }
    var configuration: SandboxConfiguration { parts.configuration }

    /// Executes the request.
    func answer(_ route: IAMRoute) -> SandboxResponse {
        guard request.bodyLength <= Self.largestBody else { return context.response(.bodyTooLarge) }
        switch route {
        case .createToken: return createToken()
        case .showToken, .checkToken: return showToken()
        case .deleteToken: return deleteToken()
        case .createTokenFromIDToken: return createTokenFromIDToken()
        case .createSecurityToken: return createSecurityToken()
        case .listProjects: return listProjects(name: request.query.first("name"))
        case .listOwnProjects: return listProjects(name: nil)
        case .listDomains: return listDomains()
        case .showCallerIdentity: return showCallerIdentity()
        case .assumeAgency: return assumeAgency()
        case .assumeWithOIDC: return assumeWithOIDC()
        case .createMetadataToken: return createMetadataToken()
        case .showSecurityKey: return showSecurityKey()
        case .exchangePodIdentity: return exchangePodIdentity()
        }
    }

    /// An error in the configured shape.
    func failure(_ error: IAMError) -> SandboxResponse { .json(error.status, error.body(configuration.identityErrorForm)) }

    /// The body as JSON, or nil if it is not JSON.
    var document: JSONValue? { try? JSONParser.parse(request.body) }

    /// The caller, by token or signature, or the answer for an unauthenticated request.
    func authenticated(_ action: (Principal) -> SandboxResponse) -> SandboxResponse {
        guard request.header("X-Auth-Token") != nil || request.header("Authorization") != nil else {
            return failure(.authenticationRequired)
        }
        do throws(AuthenticationGate.Refusal) {
            return action(try parts.gate.authenticate(request, now: context.now))
        } catch {
            return context.response(error.error)
        }
    }
}
