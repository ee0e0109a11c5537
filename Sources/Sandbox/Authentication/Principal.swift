/// The identity of a request's sender.
struct Principal: Sendable, Equatable {
    /// What a credential is valid for.
    enum Scope: Sendable, Equatable {
        /// Every project of the account: signed requests.
        case account
        /// One project: a token with project scope.
        case project(String)
        /// The account itself.
        case domain
        /// A token without scope, from identity federation.
        case unscoped
    }

    /// Index into the configured accounts.
    var account: Int
    var scope: Scope
    /// The token it came with; nil for a signed request.
    var token: String?
}
