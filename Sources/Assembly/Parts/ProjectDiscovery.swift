import Credentials
import Logging
import ServiceLifecycle
import Settings

/// Requests from IAM the ids of projects that the configuration doesn't contain, by the names of their
/// regions.
struct ProjectDiscovery: Service {
    let surroundings: CredentialSurroundings
    let current: @Sendable () -> RunningConfiguration
    /// Puts the ids that were found into force.
    let apply: @Sendable () async -> Void
    let logger: Logger

    /// Time between two rounds while an id is missing, and between two checks whether one is.
    private static let interval = Duration.seconds(3)
    /// How long the start waits for the first round.
    static let patienceAtStart = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                guard (try? await Task.sleep(for: Self.interval)) != nil else { return }
                await Self.round(current(), surroundings, logger)
                // Whichever round has found it: the start waits for its own only so long, and an attempt to apply may have failed.
                if current().lacksKnown(surroundings.identifiers) { await apply() }
            }
        }
    }

    /// One request for each project that is still unknown.
    static func round(_ configuration: RunningConfiguration, _ surroundings: CredentialSurroundings, _ logger: Logger) async {
        let endpoints = IAMEndpoints(settings: configuration.settings, environment: surroundings.environment)
        for project in surroundings.identifiers.missing(in: configuration.settings) {
            guard let acting = configuration.credentials.acting[project.name]?.credential,
                let made = configuration.credentials.made.first(where: { $0.credential === acting }),
                let place = place(of: project, made, endpoints, surroundings)
            else { continue }
            do throws(IAMFault) {
                let identifier = try await CredentialProof(acting, at: place).projectID(region: project.region)
                surroundings.identifiers.learn(identifier, of: project, in: configuration.settings)
                logger.info("project found", metadata: ["project": "\(project.name)", "id": "\(identifier)"])
            } catch {
                logger.warning("project not found", metadata: ["project": "\(project.name)", "reason": "\(error.sentence)"])
            }
        }
    }

    /// The IAM of the project's own cloud, whichever region the credential was created for.
    private static func place(
        of project: ProjectSettings, _ made: CredentialSet.Made, _ endpoints: IAMEndpoints, _ surroundings: CredentialSurroundings
    ) -> IAMContext? {
        let region = endpoints.regions.discoveryRegion(of: project)
        guard made.place.region != region else { return made.place }
        return try? endpoints.place(
            region: region, honoursVariables: made.setting.kind == .defaultChain, exchange: surroundings.exchange, clock: surroundings.clock)
    }
}
