/// The routes of the second listener besides the sandbox's controls.
enum IAMRoute: Sendable, CaseIterable {
    case createToken, showToken, checkToken, deleteToken
    case createTokenFromIDToken, createSecurityToken
    case listProjects, listOwnProjects, listDomains
    case showCallerIdentity, assumeAgency, assumeWithOIDC
    case createMetadataToken, showSecurityKey, exchangePodIdentity

    /// Method and path.
    var pattern: (method: String, template: String) {
        switch self {
        case .createToken: ("POST", "/v3/auth/tokens")
        case .showToken: ("GET", "/v3/auth/tokens")
        case .checkToken: ("HEAD", "/v3/auth/tokens")
        case .deleteToken: ("DELETE", "/v3/auth/tokens")
        case .createTokenFromIDToken: ("POST", "/v3.0/OS-AUTH/id-token/tokens")
        case .createSecurityToken: ("POST", "/v3.0/OS-CREDENTIAL/securitytokens")
        case .listProjects: ("GET", "/v3/projects")
        case .listOwnProjects: ("GET", "/v3/auth/projects")
        case .listDomains: ("GET", "/v3/auth/domains")
        case .showCallerIdentity: ("GET", "/v5/caller-identity")
        case .assumeAgency: ("POST", "/v5/agencies/assume")
        case .assumeWithOIDC: ("POST", "/v5/agencies/assume-with-oidc")
        case .createMetadataToken: ("PUT", "/meta-data/latest/api/token")
        case .showSecurityKey: ("GET", "/openstack/latest/securitykey")
        case .exchangePodIdentity: ("POST", "/podid")
        }
    }
}
