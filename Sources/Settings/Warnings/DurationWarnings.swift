/// Warns about durations of which one makes the other meaningless.
enum DurationWarnings {
    static func warnings(_ settings: GatewaySettings) -> [SettingsProblem] {
        let (upstream, limits, audit) = (settings.upstream, settings.limits, settings.audit)
        let pairs: [(shorter: String, Duration, longer: String, Duration)] = [
            ("upstream.connect_timeout", upstream.connectTimeout, "upstream.total_timeout", upstream.totalTimeout),
            ("upstream.first_byte_timeout", upstream.firstByteTimeout, "upstream.total_timeout", upstream.totalTimeout),
            ("upstream.idle_timeout", upstream.idleTimeout, "upstream.total_timeout", upstream.totalTimeout),
            ("audit.checkpoint.interval", audit.checkpoint.interval, "audit.rotate.age", audit.rotation.age),
            ("audit.rotate.age", audit.rotation.age, "audit.retain", audit.retention),
            ("limits.header_timeout", limits.headerTimeout, "upstream.total_timeout", upstream.totalTimeout),
        ]
        let sites = settings.sites
        return pairs.compactMap { shorter, short, longer, long in
            guard short > long, let first = sites[shorter], let second = sites[longer] else { return nil }
            // The warning names the one that was written, because a default can't be found in the file.
            let site = first.origin == .documentedDefault ? second : first
            return SettingsProblem(
                .conflict, site, "`\(shorter)` is longer than `\(longer)`, which ends first", hint: "shorten the one or lengthen the other")
        }
    }
}

extension GatewaySettings {
    /// Where each value was written, by its path.
    var sites: [String: SettingsProblem.Site] {
        Dictionary(effective.map { ($0.site.path.description, $0.site) }, uniquingKeysWith: { first, _ in first })
    }
}
