import Catalogue
package import Settings

extension SettingsLoader {
    /// Reads configurations of this gateway: it knows the names of HSS's operations and of the cloud's regions.
    package static let gateway = SettingsLoader(
        vocabulary: Vocabulary(
            operations: Operation.allCases.map(\.name),
            endpoints: Dictionary(uniqueKeysWithValues: Region.all.map { ($0.id, .init(hss: $0.hss, iam: $0.iam, sts: $0.sts)) }))
    )
}
