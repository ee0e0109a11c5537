import Catalogue
package import Settings

extension SettingsLoader {
    /// Reads configurations of this gateway: it knows the names of HSS's operations and of the cloud's regions.
    package static let gateway = SettingsLoader(
        vocabulary: Vocabulary(
            operations: Operation.allCases.map(\.name),
            facts: Dictionary(uniqueKeysWithValues: Operation.allCases.compactMap { operation in facts(of: operation).map { (operation.name, $0) } }),
            endpoints: Dictionary(uniqueKeysWithValues: Region.all.map { ($0.id, .init(hss: $0.hss, iam: $0.iam, sts: $0.sts)) }))
    )

    private static func facts(of operation: Operation) -> Vocabulary.Facts? {
        guard let kind = Vocabulary.Kind(rawValue: operation.kind.rawValue), let method = Vocabulary.Method(rawValue: operation.method.rawValue)
        else { return nil }
        return Vocabulary.Facts(kind: kind, method: method)
    }
}
