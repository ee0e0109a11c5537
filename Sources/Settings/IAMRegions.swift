/// Which IAM and STS belong to a region, and to which region a credential belongs.
///
/// 1. A region's identity services are those that the configuration names for it, otherwise those built in for it. There is no fallback
///    to another cloud: a password or a token would be shown to strangers.
/// 2. Making one looks at each credential once for each region that it acts in, however many projects and references there are.
package struct IAMRegions: Sendable {
    /// A service of the cloud that hands out tokens and keys, by its key under `regions`.
    package enum Service: String, Sendable {
        case iam
        case sts

        var name: String { rawValue.uppercased() }
    }

    /// Where a region's identity services are, as base URLs; nil for what is not known.
    package struct Services: Sendable, Hashable {
        package let iam: String?
        package let sts: String?

        subscript(service: Service) -> String? {
            switch service {
            case .iam: iam
            case .sts: sts
            }
        }
    }

    private let configured: [String: RegionSettings]
    private let builtIn: [String: Vocabulary.Endpoints]
    /// By credential: the regions of those who use it, each once, the first project's first.
    private var found: [String: [String]] = [:]
    /// By credential: the region that its own key names.
    private let explicit: [String: String]
    /// How many credentials and references were looked at, which is what making one costs.
    private(set) var looks = 0

    package init(_ settings: GatewaySettings, _ vocabulary: Vocabulary) {
        configured = Dictionary(settings.regions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        builtIn = vocabulary.endpoints
        explicit = Dictionary(
            settings.credentials.compactMap { credential in credential.region.map { (credential.name, $0) } }, uniquingKeysWith: { first, _ in first }
        )
        assign(settings)
    }

    /// The services of a region; nothing is known of a region without a name.
    package func services(of region: String?) -> Services {
        guard let region else { return Services(iam: nil, sts: nil) }
        let (configured, builtIn) = (configured[region], builtIn[region])
        return Services(
            iam: configured?.iam?.description ?? builtIn?.iam,
            sts: configured?.sts?.description ?? (Self.isSameCloud(configured?.iam, builtIn?.iam) ? builtIn?.sts : nil)
        )
    }

    /// The region that a credential belongs to: its own key, otherwise that of the first project that uses it, directly, as a fallback or
    /// as an agency's source. One that no project uses belongs where all projects are, if they have one cloud between them.
    package func region(of credential: String) -> String? { found[credential]?.first }

    /// The same for each region that it acts in: a login gets its token where the project is.
    package func regions(of credential: String) -> [String] { found[credential] ?? [] }

    /// Whose IAM is asked for the id of a project.
    package func discoveryRegion(of project: ProjectSettings) -> String {
        explicit[project.credential] ?? project.region
    }

    /// Whether a region is known at all, be it for its identity services only.
    package func knows(_ region: String) -> Bool { configured[region] != nil || builtIn[region] != nil }

    /// A region whose IAM was moved to another domain has left the cloud that the table describes, and its STS with it.
    private static func isSameCloud(_ moved: EndpointURL?, _ builtIn: String?) -> Bool {
        guard let moved else { return true }
        guard let builtIn, let known = try? EndpointURL(text: builtIn) else { return false }
        return moved.host.split(separator: ".").suffix(2) == known.host.split(separator: ".").suffix(2)
    }

    private mutating func assign(_ settings: GatewaySettings) {
        let credentials = Dictionary(settings.credentials.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for project in settings.projects {
            for name in project.credentials { assign(project.region, from: name, credentials) }
        }
        // Those that no project uses, and what they are made from.
        let common = commonRegion(settings.projects)
        for credential in settings.credentials where found[credential.name] == nil {
            if let region = credential.region ?? common { assign(region, from: credential.name, credentials) }
        }
    }

    /// Gives a region to a credential and to all that it leads to. What has it already has passed it on already.
    private mutating func assign(_ region: String, from start: String, _ credentials: [String: CredentialSettings]) {
        var pending = [(name: start, region: region)]
        while let (name, region) = pending.popLast() {
            looks += 1
            guard let credential = credentials[name] else { continue }
            let own = credential.region ?? region
            guard found[name]?.contains(own) != true else { continue }
            found[name, default: []].append(own)
            if let fallback = credential.fallback { pending.append((fallback, region)) }
            // Whoever assumes an agency does so at the agency's own IAM.
            if let source = credential.assumedBy { pending.append((source, own)) }
        }
    }

    /// The first project's region, if all projects' regions have the same account system as far as anybody can tell.
    private func commonRegion(_ projects: [ProjectSettings]) -> String? {
        guard let first = projects.first?.region else { return nil }
        let clouds = Set(projects.map { cloud(of: $0.region) })
        return clouds.count == 1 ? first : nil
    }

    /// Something that is the same for regions of one cloud: the built-in domain, otherwise the region itself.
    private func cloud(of region: String) -> String {
        guard configured[region]?.iam == nil, let iam = builtIn[region]?.iam, let known = try? EndpointURL(text: iam) else { return region }
        return known.host.split(separator: ".").suffix(2).joined(separator: ".")
    }
}
