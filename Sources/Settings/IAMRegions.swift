/// Which IAM and STS belong to a region, and to which region a credential belongs.
///
/// 1. A region's identity services are those that the configuration names for it, otherwise those built in for it. There is no fallback to another
///    cloud, because a password or a token would be sent to another operator.
/// 2. The initializer visits each credential once for each region that it acts in, however many projects and references there are.
package struct IAMRegions: Sendable {
    /// A service of the cloud that issues tokens and keys, by its key under `regions`.
    package enum Service: String, Sendable {
        case iam
        case sts

        var name: String { rawValue.uppercased() }
    }

    /// The base URLs of a region's identity services; nil if unknown.
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
    /// By credential: the regions of its users, each once, beginning with the first project's.
    private var found: [String: [String]] = [:]
    /// By credential: the region in its own settings.
    private let explicit: [String: String]
    /// How many credentials and references were visited, which is the cost of the initializer.
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

    /// The region that a credential belongs to: the one in its own settings, otherwise that of the first project that uses it directly, as a fallback
    /// or as an agency's source. A credential that no project uses belongs to the region of the projects, if all are in one cloud.
    package func region(of credential: String) -> String? { found[credential]?.first }

    /// All regions that it acts in: a login gets its token in the project's region.
    package func regions(of credential: String) -> [String] { found[credential] ?? [] }

    /// The region whose IAM is asked for the id of a project.
    package func discoveryRegion(of project: ProjectSettings) -> String {
        explicit[project.credential] ?? project.region
    }

    /// Whether a region is known at all, even if only for its identity services.
    package func knows(_ region: String) -> Bool { configured[region] != nil || builtIn[region] != nil }

    /// If a region's IAM is configured with another domain, the region isn't in the built-in cloud, and neither is its STS.
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
        // Credentials that no project uses, and their sources.
        let common = commonRegion(settings.projects)
        for credential in settings.credentials where found[credential.name] == nil {
            if let region = credential.region ?? common { assign(region, from: credential.name, credentials) }
        }
    }

    /// Assigns a region to a credential and to all credentials that it refers to. One that already has the region has already passed it on.
    private mutating func assign(_ region: String, from start: String, _ credentials: [String: CredentialSettings]) {
        var pending = [(name: start, region: region)]
        while let (name, region) = pending.popLast() {
            looks += 1
            guard let credential = credentials[name] else { continue }
            let own = credential.region ?? region
            guard found[name]?.contains(own) != true else { continue }
            found[name, default: []].append(own)
            if let fallback = credential.fallback { pending.append((fallback, region)) }
            // An agency is assumed at its own IAM.
            if let source = credential.assumedBy { pending.append((source, own)) }
        }
    }

    /// The first project's region, if all projects' regions are known to have the same account system.
    private func commonRegion(_ projects: [ProjectSettings]) -> String? {
        guard let first = projects.first?.region else { return nil }
        let clouds = Set(projects.map { cloud(of: $0.region) })
        return clouds.count == 1 ? first : nil
    }

    /// A value that is equal for regions of one cloud: the built-in domain, otherwise the region itself.
    private func cloud(of region: String) -> String {
        guard configured[region]?.iam == nil, let iam = builtIn[region]?.iam, let known = try? EndpointURL(text: iam) else { return region }
        return known.host.split(separator: ".").suffix(2).joined(separator: ".")
    }
}
