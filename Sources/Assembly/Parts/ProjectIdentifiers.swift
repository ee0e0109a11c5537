import Settings
import Synchronization

/// The ids of projects that were found out from IAM. They are kept across reloads.
final class ProjectIdentifiers: Sendable {
    /// What an id depends on: the same region is another project for another account.
    private struct Key: Hashable {
        let region: String
        let credential: String
    }

    private let found = Mutex([Key: String]())

    func identifier(of project: ProjectSettings) -> String? {
        project.identifier ?? found.withLock { $0[Key(region: project.region, credential: project.credential)] }
    }

    func learn(_ identifier: String, of project: ProjectSettings) {
        found.withLock { $0[Key(region: project.region, credential: project.credential)] = identifier }
    }

    /// Those of a configuration that are still unknown.
    func missing(in settings: GatewaySettings) -> [ProjectSettings] {
        settings.projects.filter { identifier(of: $0) == nil }
    }
}
