extension Validation {
    /// A credential that needs IAM or STS needs that of its own cloud. Another cloud's service is never used instead, so an unknown endpoint is a
    /// fault.
    mutating func checkIAMServices() {
        let identity = IAMRegions(settings, vocabulary)
        for (index, credential) in settings.credentials.enumerated() {
            guard let service = credential.identityService else { continue }
            let path = SettingPath.item("credentials", index).key("type")
            let all = identity.regions(of: credential.name)
            if all.isEmpty, !settings.projects.isEmpty {
                let message = "nothing says which cloud's \(service.name) this credential belongs to: no project uses it"
                report(.missing, path, message, hint: "add `region:` to it")
            }
            for region in credential.kind == .iamPassword ? all : Array(all.prefix(1)) {
                check(service, of: region, identity, path, "a credential of this type asks it")
            }
        }
        for (index, project) in settings.projects.enumerated() where project.identifier == nil {
            let path = SettingPath.item("projects", index)
            guard !isFaulty(path.key("id")) else { continue }
            check(.iam, of: identity.discoveryRegion(of: project), identity, path.key("region"), "it would be asked for this project's id")
        }
    }

    private mutating func check(
        _ service: IAMRegions.Service, of region: String, _ identity: IAMRegions, _ path: SettingPath, _ reason: String
    ) {
        // An unknown region is a separate fault.
        guard identity.knows(region), identity.services(of: region)[service] == nil else { return }
        let message = "the \(service.name) of the region \(region) is not known, and \(reason)"
        let hint = "add `\(service.rawValue): https://…` under `regions.\(region)`; that of another cloud is never asked"
        report(.missing, path, message, hint: hint)
    }
}

extension CredentialSettings {
    /// The service that issues material of this type; nil if none in the cloud. For a chain it depends on the environment.
    fileprivate var identityService: IAMRegions.Service? {
        switch source {
        case .password, .agency, .federation: .iam
        case .assumedRole, .trustAgency: .sts
        case .accessKey, .token, .ecsMetadata, .podIdentity, .defaultChain: nil
        }
    }
}
