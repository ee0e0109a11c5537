extension GatewaySettings {
    /// Adds the endpoints in effect of every region in use to the effective settings: so that it is visible where requests, passwords and tokens are
    /// sent. Keeps the order of the schema.
    mutating func showEndpoints(_ vocabulary: Vocabulary) {
        let identity = IAMRegions(self, vocabulary)
        let root = SettingPath.root.key("regions")
        func shown(_ region: String) -> [(SettingPath, String)] {
            let services = identity.services(of: region)
            let hss = regions.first { $0.name == region }?.hss?.description ?? vocabulary.endpoints[region]?.hss
            return [("hss", hss), ("iam", services.iam), ("sts", services.sts)].map { key, url in
                (root.key(region).key(key), url.map(YAMLText.quote) ?? "null")
            }
        }
        let written = Set(regions.map(\.name))
        let known = Dictionary(written.flatMap(shown), uniquingKeysWith: { first, _ in first })
        effective = effective.map { setting in
            guard setting.text == "null", let url = known[setting.site.path] else { return setting }
            return EffectiveSetting(site: setting.site, text: url)
        }
        let used = Set(projects.map(\.region) + credentials.compactMap(\.region)).subtracting(written).filter(NameGrammar.accepts).sorted()
        let added = used.flatMap(shown).map { EffectiveSetting(site: .init($0, .documentedDefault), text: $1) }
        guard !added.isEmpty, let last = effective.lastIndex(where: { $0.site.path.steps.first == root.steps.first }) else { return }
        effective.insert(contentsOf: added, at: last + 1)
        effective.removeAll { $0.site.path == root }
    }
}
