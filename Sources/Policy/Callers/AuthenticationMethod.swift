/// The kinds of proof by which a caller was recognised; several if several were required. The record contains `text`.
package struct AuthenticationMethod: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// No proof: an anonymous caller on a listener that allows it.
    package static let anonymous: AuthenticationMethod = []
    package static let apiKey = AuthenticationMethod(rawValue: 1)
    package static let virtualKey = AuthenticationMethod(rawValue: 2)
    package static let certificate = AuthenticationMethod(rawValue: 4)
    package static let token = AuthenticationMethod(rawValue: 8)
    /// The peer's address lies in one of the caller's networks.
    package static let cidr = AuthenticationMethod(rawValue: 16)
    package static let unixUser = AuthenticationMethod(rawValue: 32)

    /// Whether it includes a credential that the sender has to add to each request explicitly. The other kinds - address, socket, certificate - also
    /// apply to the requests that a browser sends for any page.
    package var isShown: Bool { !isDisjoint(with: [.apiKey, .virtualKey, .token]) }

    private static let words: [(AuthenticationMethod, String)] = [
        (.apiKey, "api_key"), (.virtualKey, "virtual_key"), (.certificate, "mtls_san"), (.token, "jwt"), (.unixUser, "unix_uid"),
        (.cidr, "cidr"),
    ]

    /// The configuration's words, joined by `+`.
    package var text: String {
        switch self {
        case .anonymous: "anonymous"
        case .cidr: "cidr"
        case .apiKey: "api_key"
        default: AuthenticationMethod.words.filter { contains($0.0) }.map(\.1).joined(separator: "+")
        }
    }
}
