/// Which enterprise projects a caller may name.
package enum EnterpriseProjectRights: Sendable, Hashable {
    /// Selects all enterprise projects that the credential may access.
    package static let allGranted = "all_granted_eps"
    /// In a list: any single one, named by its id.
    package static let every = "*"

    /// Any, including `all_granted_eps`.
    case any
    /// Any single one by its id; `all_granted_eps` has to be listed.
    case single
    /// Only these. `*` among them allows any single one by its id.
    case only(Set<String>)

    package func allows(_ value: String) -> Bool {
        switch self {
        case .any: true
        case .single: value != Self.allGranted
        case .only(let listed): listed.contains(value) || (value != Self.allGranted && listed.contains(Self.every))
        }
    }
}
