import Audit
import Codecs
import Fleet

/// Figures as members exchange them: a JSON object in the fleet's database, with the names that `/fleet` uses.
extension GatewayFigures {
    /// The most checks that are reported. Passing ones are not.
    private static let mostChecks = 16
    private static let longestName = 80
    private static let longestWords = 200
    /// Without a newer report after this time, figures are shown as old.
    static let fresh = Duration.seconds(30)

    /// What this gateway reports.
    var told: String {
        var json = JSONWriter()
        json.object { json in
            json.key("clock_offset_s")
            json.raw(Self.decimal((clockOffset ?? .zero).wholeMicroseconds / 1_000).utf8)
            guard var own else { return }
            json.member("config_sha256", own.configuration)
            let notable = own.checks.filter { $0.state != .passing }.sorted { $0.isFailing && !$1.isFailing }
            own.checks = notable.prefix(Self.mostChecks).map(Self.shortened)
            Self.write(own, to: &json)
        }
        return json.text
    }

    private static func shortened(_ check: HealthCheck) -> HealthCheck {
        func words(_ text: String) -> String { PrintableText.line(String(text.prefix(longestWords))) }
        let state: HealthCheck.State =
            switch check.state {
            case .passing: .passing
            case .warning(let text): .warning(words(text))
            case .failing(let text): .failing(words(text))
            }
        return HealthCheck(name: PrintableText.line(String(check.name.prefix(longestName))), state: state)
    }

    /// Takes over the valid figures of another gateway's report; invalid ones are left out.
    mutating func take(_ told: ToldFigures) {
        guard told.said.count <= ToldFigures.longest, let said = JSONDocument(told.said), said.isObject else { return }
        func number(_ name: String) -> Int64? {
            said[name].flatMap { $0.isText ? nil : $0.text }.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
        }
        func decimal(_ name: String, within bounds: ClosedRange<Double>) -> Double? {
            said[name].flatMap { $0.isText ? nil : $0.text }.flatMap { Double($0) }.flatMap { bounds.contains($0) ? $0 : nil }
        }
        age = told.age
        clockOffset = decimal("clock_offset_s", within: -Self.longestOffset...Self.longestOffset).map { .milliseconds(Int64(($0 * 1_000).rounded())) }
        func text(_ name: String) -> String? { said[name].flatMap { $0.isText ? $0.text : nil } }
        let digest = text("config_sha256").flatMap { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) ? $0 : nil }
        own = Own(
            configuration: digest, checks: (said["checks"]?.items ?? []).prefix(Self.mostChecks).compactMap(Self.check),
            requestsPerMinute: number("requests_per_minute"), size: number("tree_size"), signed: number("signed"),
            checkpoint: text("checkpoint_at").flatMap { text in Array(text.utf8).withUnsafeBytes { Timestamp($0) } },
            anchorLag: number("anchor_lag_s"), shipLag: number("ship_lag_s"), segmentsHeld: number("segments_held"),
            freeDisk: decimal("disk_free", within: 0...1),
            longSync: number("sync_p99_us"))
    }

    /// A hundred years, seconds.
    private static let longestOffset = 3_155_760_000.0

    private static func check(_ said: JSONDocument) -> HealthCheck? {
        guard let name = said["name"], name.isText, let text = name.text, !text.isEmpty else { return nil }
        let words = said["warning"].flatMap { $0.isText ? $0.text : nil } ?? ""
        let isPassing = said["ok"]?.isTrue == true
        return shortened(HealthCheck(name: text, state: isPassing ? (words.isEmpty ? .passing : .warning(words)) : .failing(words)))
    }
}

extension HealthCheck {
    fileprivate var isFailing: Bool {
        if case .failing = state { true } else { false }
    }
}
