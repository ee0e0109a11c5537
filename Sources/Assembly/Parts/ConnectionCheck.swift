import Credentials
package import Settings

/// Proves each credential with calls that change nothing, one after the other: `config check --connect`.
///
/// Each is tried once. A wrong password that is tried often locks its user.
package struct ConnectionCheck {
    package let settings: GatewaySettings
    package let environment: [String: String]

    package init(settings: GatewaySettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// What became of one credential.
    package struct Finding {
        let credential: String
        let type: String
        /// In words for the operator: what to fix, or what threatens.
        let sentence: String
        package let isProven: Bool

        package var text: String { "\(isProven ? "ok  " : "FAIL") \(credential) (\(type)): \(sentence)" }

        package var json: String {
            let ok = isProven ? "true" : "false"
            return #"{"credential":\#(Self.quoted(credential)),"type":"\#(type)","ok":\#(ok),"message":\#(Self.quoted(sentence))}"#
        }

        /// Names and sentences have no control characters; quotes and backslashes are all there is to escape.
        private static func quoted(_ text: String) -> String {
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
    }

    package func run() async throws(Failure) -> [Finding] {
        let upstream = try TransportAssembly.configuration(settings, environment: environment)
        let exchange = IdentityTransport(upstream: upstream, userAgent: "hss-gateway/\(Build.version)")
        let surroundings = CredentialSurroundings(environment: environment, exchange: exchange, clock: ClockOffset())
        let credentials = try CredentialAssembly.credentials(settings, surroundings)
        var findings: [Finding] = []
        for made in credentials.made { findings.append(await prove(made, surroundings.clock)) }
        await exchange.stop()
        return findings
    }

    private func prove(_ made: CredentialSet.Made, _ clock: ClockOffset) async -> Finding {
        var sentence: String
        var isProven = true
        do throws(IdentityFault) {
            try await CredentialProof(made.credential, at: made.place).identify(orFind: made.place.region)
            sentence = "proved itself."
        } catch {
            (sentence, isProven) = (error.sentence, false)
        }
        let seconds = clock.duration.components.seconds
        if abs(seconds) >= ClockOffset.warning.components.seconds {
            sentence += " This machine's clock is \(abs(seconds)) s \(seconds < 0 ? "ahead of" : "behind") the cloud's: set it, best by NTP."
        }
        return Finding(credential: made.setting.name, type: made.setting.kind.rawValue, sentence: sentence, isProven: isProven)
    }
}
