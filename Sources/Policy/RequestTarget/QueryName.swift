/// The meaning of a query parameter's name to the gateway.
enum QueryName {
    case ordinary
    case enterpriseProject
    case enterpriseProjectLookAlike
    case project
    case credential

    /// Names shorter than this can't fold to a reserved name (`cookie` has 6 letters).
    private static let shortestReserved = 6

    /// Classifies a name in canonical spelling.
    init(canonical name: ArraySlice<UInt8>) {
        guard name.count >= Self.shortestReserved else {
            self = .ordinary
            return
        }
        if EnterpriseProjectParameter.isName(name) {
            self = .enterpriseProject
            return
        }
        // Every reserved name holds a j or k, or is long and holds a z; most others don't, which saves folding them.
        let tellTale = name.count < Self.shortestWithZ ? Self.letters : Self.lettersOfLongNames
        guard name.contains(where: { tellTale.contains($0) }) else {
            self = .ordinary
            return
        }
        self = Self(folded: FoldedName(DecodedBytes(canonical: name)))
    }

    private init(folded name: FoldedName) {
        if name.contains(EnterpriseProjectParameter.foldedName) {
            self = .enterpriseProjectLookAlike
        } else if name.contains(Self.projectIdentifier) {
            self = .project
        } else if name.hasPrefix("xsdk") || Self.credentials.contains(where: { name == $0 }) {
            self = .credential
        } else {
            self = .ordinary
        }
    }

    /// `authorization` has 13 letters.
    private static let shortestWithZ = 13

    /// `J K j k`.
    private static let letters = ByteSet(low: 0, high: 0x0000_0C00_0000_0C00)

    /// `J K Z j k z`.
    private static let lettersOfLongNames = ByteSet(low: 0, high: 0x0400_0C00_0400_0C00)

    /// No documented operation has a query parameter with this in its name (protocol page c.4).
    private static let projectIdentifier: [UInt8] = Array("projectid".utf8)

    private static let credentials: [StaticString] = [
        "authorization", "proxyauthorization", "xauthtoken", "authtoken", "xsubjecttoken", "xsecuritytoken", "securitytoken", "cookie",
    ]
}
