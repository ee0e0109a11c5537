/// The start from the environment alone: one credential, one project, one anonymous caller, one rule that allows all.
struct EnvironmentStart {
    /// The pairs of variables that are already in common use: those of the official SDKs, then those of the API page's samples.
    static let keyPairs = [("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK"), ("CLOUD_SDK_AK", "CLOUD_SDK_SK")]
    static let securityToken = "HUAWEICLOUD_SDK_SECURITY_TOKEN"
    static let projectIdentifier = "HUAWEICLOUD_SDK_PROJECT_ID"
    /// Read only here: with a file, the region is part of the project.
    static let region = "HSSGW_REGION"
    /// The one project's, credential's and rule's name.
    static let name = "default"

    private let environment: [String: String]
    private(set) var problems: [SettingsProblem] = []

    init(_ environment: [String: String]) {
        self.environment = environment.filter { !$0.value.isEmpty }
    }

    /// Adds the four sections to a tree. Each missing variable is reported as a problem.
    mutating func complete(_ tree: inout LocatedNode) {
        let pair = keyPair()
        let regionName = need(Self.region, "the region of the project", "e.g. \(Self.region)=cn-north-4")
        let origin = SettingOrigin.environment(pair.accessKey)
        var credential = [
            entry("name", Self.name, origin), entry("type", "aksk", origin),
            entry("access_key", reference: pair.accessKey), entry("secret_key", reference: pair.secretKey),
        ]
        if environment[Self.securityToken] != nil { credential.append(entry("security_token", reference: Self.securityToken)) }
        var project = [
            entry("name", Self.name, origin), entry("region", regionName ?? "", .environment(Self.region)),
            entry("credential", Self.name, origin),
        ]
        // Without it, IAM is asked for the region's own project.
        if let identifier = environment[Self.projectIdentifier] {
            project.append(entry("id", identifier, .environment(Self.projectIdentifier)))
        }
        tree.set(list([mapping(credential, origin)], origin), at: [.key("credentials")])
        tree.set(list([mapping(project, origin)], origin), at: [.key("projects")])
        let everything = list([scalar("*", origin)], origin)
        let allowed = list(["*", CallerSettings.EnterpriseProjects.allGranted].map { scalar($0, origin) }, origin)
        let caller = [
            entry("name", CallerSettings.anonymousName, origin), entry("projects", everything),
            entry("enterprise_projects", mapping([entry("allowed", allowed)], origin)),
        ]
        let rule = [
            entry("name", Self.name, origin), entry("callers", everything), entry("operations", everything),
            entry("tasks", "any", origin), entry("action", "allow", origin),
        ]
        if tree["callers"]?.hasContent != true { tree.set(list([mapping(caller, origin)], origin), at: [.key("callers")]) }
        if tree["policy"]?.hasContent != true { tree.set(list([mapping(rule, origin)], origin), at: [.key("policy")]) }
    }

    /// The first pair of which at least one variable is set; an incomplete pair is never completed from another one.
    private mutating func keyPair() -> (accessKey: String, secretKey: String) {
        let (pair, preferred) = (Self.keyPairs.first { environment[$0.0] != nil || environment[$0.1] != nil }, Self.keyPairs[0])
        let (accessKey, secretKey) = pair ?? preferred
        let alternative = pair == nil ? " (or \(Self.keyPairs[1].0) and \(Self.keyPairs[1].1))" : ""
        _ = need(accessKey, "the access key id", "export it\(alternative)")
        _ = need(secretKey, "the secret access key", "export it\(alternative)")
        return (accessKey, secretKey)
    }

    private mutating func need(_ variable: String, _ what: String, _ hint: String) -> String? {
        if let value = environment[variable] { return value }
        let message = "there is no configuration file, and the environment does not give \(what)"
        let site = SettingsProblem.Site(.root, .environment(variable))
        problems.append(SettingsProblem(.missing, site, message, hint: "set \(variable), \(hint); or give a file with --config"))
        return nil
    }
}

extension EnvironmentStart {
    private func scalar(_ text: String, _ origin: SettingOrigin) -> LocatedNode {
        LocatedNode(content: .scalar(LocatedScalar(text: text, isPlain: false)), origin: origin)
    }

    private func entry(_ key: String, _ text: String, _ origin: SettingOrigin) -> LocatedEntry {
        entry(key, scalar(text, origin))
    }

    private func entry(_ key: String, reference variable: String) -> LocatedEntry {
        entry(key, LocatedNode(content: .secretVariable(variable), origin: .environment(variable)))
    }

    private func entry(_ key: String, _ value: LocatedNode) -> LocatedEntry {
        LocatedEntry(key: key, keyOrigin: value.origin, value: value)
    }

    private func mapping(_ entries: [LocatedEntry], _ origin: SettingOrigin) -> LocatedNode {
        LocatedNode(content: .mapping(entries), origin: origin)
    }

    private func list(_ elements: [LocatedNode], _ origin: SettingOrigin) -> LocatedNode {
        LocatedNode(content: .sequence(elements), origin: origin)
    }
}
