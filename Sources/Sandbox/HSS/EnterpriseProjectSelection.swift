/// The enterprise projects that a request is about (emulator notes, section 3).
enum EnterpriseProjectSelection: Equatable, Sendable {
    /// These ids.
    case granted([String])
    /// One that the caller wasn't granted.
    case refused
    /// `enterprise_project_id` more than once.
    case repeated

    /// Absent means the default project `0`, not all of them.
    init(query: QueryParameters, account: SandboxAccount) {
        let values = query.values("enterprise_project_id")
        switch (values.count, values.first) {
        case (0, _): self = .granted(["0"])
        case (1, "all_granted_eps"): self = .granted(account.enterpriseProjects)
        case (1, .some(let id)) where id == "0" || account.enterpriseProjects.contains(id): self = .granted([id])
        case (1, _): self = .refused
        default: self = .repeated
        }
    }
}
