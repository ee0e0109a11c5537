import Settings
import Synchronization

/// The ids of projects that were found out from IAM. They are kept across reloads.
final class ProjectIdentifiers: Sendable {
    /// What an id depends on: the same region is another project for another account, and in another cloud. A credential that has kept its name may
    /// be another account's after a reload.
    private struct Key: Hashable {
        let region: String
        let source: CredentialSettings.Source?
        /// The region whose IAM is asked, and that IAM if it is configured.
        let asked: String
        let iam: EndpointURL?

        init(_ project: ProjectSettings, _ settings: GatewaySettings) {
            let credential = settings.credentials.first { $0.name == project.credential }
            let asked = credential?.region ?? project.region
            (region, source, self.asked) = (project.region, credential?.source, asked)
            iam = settings.regions.first { $0.name == asked }?.iam
        }
    }

    private let found = Mutex([Key: String]())

    func identifier(of project: ProjectSettings, in settings: GatewaySettings) -> String? {
        if let written = project.identifier { return written }
        let key = Key(project, settings)
        return found.withLock { $0[key] }
    }

    func learn(_ identifier: String, of project: ProjectSettings, in settings: GatewaySettings) {
        let key = Key(project, settings)
        found.withLock { $0[key] = identifier }
    }

    /// Those of a configuration that are still unknown.
    func missing(in settings: GatewaySettings) -> [ProjectSettings] {
        settings.projects.filter { identifier(of: $0, in: settings) == nil }
    }
}
