/// Which enterprise projects a caller may name.
package enum EnterpriseProjectRights: Sendable, Hashable {
    /// Stands for all that the credential may see.
    package static let allGranted = "all_granted_eps"
    /// In a list: each one by its id.
    package static let every = "*"

    /// Any, `all_granted_eps` included.
    case any
    /// Any by its id; several at once have to be listed.
    case single
    /// These. `*` among them stands for any by its id.
    case only(Set<String>)

    package func allows(_ value: String) -> Bool {
        switch self {
        case .any: true
        case .single: value != Self.allGranted
        case .only(let listed): listed.contains(value) || (value != Self.allGranted && listed.contains(Self.every))
        }
    }
}
