import Codecs

/// `/-/whoami` and `/-/usage` for a reader at a terminal, a line for each thing that matters. In a pipe the JSON stays as it came.
enum OwnPageText {
    /// Nil for an answer that isn't such a page.
    static func whoAmI(_ page: JSONDocument) -> String? {
        guard let caller = page["caller"]?.text, let count = page["operation_count"]?.text else { return nil }
        var lines = [("Caller", caller), ("Method", "\(page["method"]?.text ?? "?"), from \(page["address"]?.text ?? "?")")]
        for project in page["projects"]?.items ?? [] {
            let isFirst = project["default"]?.isTrue ?? false
            let members = ["name", "id", "region"].compactMap { project[$0]?.text }.joined(separator: ", ")
            let enterprise = project["enterprise_project_id"]?.text.map { ", enterprise project \($0)" } ?? ""
            lines.append(("Project", members + enterprise + (isFirst ? "; the one of `_`" : "")))
        }
        lines.append(("Enterprise", "allowed: \(list(page["enterprise_projects"]?["allowed"]))"))
        let reasons = list(page["require_reason"])
        if reasons != none { lines.append(("Reason", "has to be given for \(reasons)")) }
        lines.append(("Kinds", list(page["kinds"])))
        lines.append(("Operations", "\(count); a pipe gets their names: hss-gateway whoami | jq .operations"))
        return text(lines)
    }

    /// Nil for an answer that isn't such a page.
    static func usage(_ page: JSONDocument) -> String? {
        guard let caller = page["caller"]?.text, let used = page["used"], used.isObject else { return nil }
        let (limits, left, resets) = (page["limits"], page["left"], page["resets_in_seconds"])
        var lines = [("Caller", caller)]
        if let burst = left?["burst"]?.text {
            let (most, pace) = (limits?["burst"]?.text ?? "?", limits?["requests_per_second"]?.text ?? "?")
            lines.append(("Requests", "\(burst) of \(most) left, and \(pace) more each second"))
        } else {
            lines.append(("Requests", "no limit"))
        }
        if let concurrent = left?["concurrent"]?.text {
            lines.append(("At a time", "\(concurrent) of \(limits?["concurrent"]?.text ?? "?") left, this request counted"))
        } else {
            lines.append(("At a time", "no limit"))
        }
        let exports = used["exports_per_day"]?.text ?? "0"
        if let remaining = left?["exports_per_day"]?.text {
            let until = resets?["exports_per_day"]?.text.flatMap { Int($0) }.map { ", all again in \(span($0))" } ?? ""
            lines.append(("Exports", "\(remaining) of \(limits?["exports_per_day"]?.text ?? "?") left today\(until)"))
        } else {
            lines.append(("Exports", "\(exports) today, no limit"))
        }
        if page["scope"]?.text == "gateway" { lines.append(("Scope", "what is used is this gateway's share; others of its fleet count theirs")) }
        for place in page["queue"]?.items ?? [] {
            let (operation, position) = (place["operation"]?.text ?? "?", place["position"]?.text ?? "?")
            lines.append(("Waiting", "\(operation), place \(position), about \(place["estimate_ms"]?.text ?? "?") ms"))
        }
        return text(lines)
    }

    private static let none = "none"

    private static func list(_ items: JSONDocument?) -> String {
        let texts = (items?.items ?? []).compactMap(\.text)
        return texts.isEmpty ? none : texts.joined(separator: ", ")
    }

    /// `14 h 54 min`, `54 min`, `12 s`.
    private static func span(_ seconds: Int) -> String {
        guard seconds >= 60 else { return "\(seconds) s" }
        return seconds < 3_600 ? "\(seconds / 60) min" : "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
    }

    private static func text(_ lines: [(String, String)]) -> String {
        lines.map { PrintableText.line($0.0 + String(repeating: " ", count: max(1, 12 - $0.0.count)) + $0.1) }.joined(separator: "\n")
    }
}
