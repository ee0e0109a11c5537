import Credentials
package import Settings

/// What `config check` finds in the environment that the configuration uses: a default chain that stops at an incompletely configured source, and
/// entries of `NO_PROXY` without effect. The gateway may run in another environment than the check, so these are warnings.
package enum EnvironmentCheck {
    package static func warnings(_ settings: GatewaySettings, environment: [String: String]) async -> [SettingsProblem] {
        await chain(settings, environment) + proxy(settings, environment)
    }

    private static func chain(_ settings: GatewaySettings, _ environment: [String: String]) async -> [SettingsProblem] {
        let sites = Self.sites(settings)
        let chains = settings.credentials.enumerated().filter { _, credential in
            if case .defaultChain = credential.source { true } else { false }
        }
        guard !chains.isEmpty else { return [] }
        let surroundings = CredentialSurroundings(environment: environment, exchange: NoIAMExchange(), clock: ClockOffset())
        let sentence: String?
        do throws(Failure) {
            sentence = try await CredentialAssembly(for: settings, surroundings).defaultChain().fault()
        } catch {
            sentence = error.message
        }
        guard let sentence else { return [] }
        let message = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return chains.compactMap { index, _ in
            guard let site = sites[SettingPath.root.key("credentials").index(index).key("type")] else { return nil }
            return SettingsProblem(.reference, site, message, hint: "in this environment the credential would have nothing to sign with")
        }
    }

    private static func proxy(_ settings: GatewaySettings, _ environment: [String: String]) -> [SettingsProblem] {
        guard let site = sites(settings)[SettingPath.root.key("upstream").key("proxy")], settings.upstream.proxy != nil else { return [] }
        let name = ["NO_PROXY", "no_proxy"].first { environment[$0] != nil } ?? "NO_PROXY"
        return (TransportAssembly.exceptions(settings.upstream, environment)?.warnings ?? []).map { sentence in
            SettingsProblem(
                .unreachable, .init(site.path, .environment(name)), String(sentence.dropLast()), hint: "write it in the form that is meant")
        }
    }

    /// The position of each value.
    private static func sites(_ settings: GatewaySettings) -> [SettingPath: SettingsProblem.Site] {
        Dictionary(settings.effective.map { ($0.site.path, $0.site) }, uniquingKeysWith: { first, _ in first })
    }
}
