/// Compares the canonical request that the API gateway computed with ours: for a wrong signature (APIGW.0301) it returns its own canonical request,
/// the lines joined by `|`.
package enum CanonicalDifference: Sendable, Hashable {
    /// The answer contains no canonical request.
    case unsaid
    /// All lines are equal: the access key id and the secret key don't match.
    case none
    /// The first line that differs, in both versions, without the values of secrets.
    case line(number: Int, name: String, theirs: String, ours: String)

    private static let mark = "canonicalRequest:"
    /// How many characters of a line are shown, because the service's text may be of any length.
    private static let shownLength = 160

    /// - Parameters:
    ///   - text: the message of the answer.
    ///   - ours: what was signed.
    init(_ text: String, _ ours: CanonicalRequest, securityToken: Secret?) {
        guard let mark = text.firstRange(of: Self.mark) else {
            self = .unsaid
            return
        }
        let shown = text[mark.upperBound...].drop { $0 == " " }
        let theirs = shown.split(omittingEmptySubsequences: false) { $0 == "|" || $0 == "\n" }.map(String.init)
        let own = String(decoding: ours.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let count = max(theirs.count, own.count)
        let different = (0..<count).first { theirs.count <= $0 || own.count <= $0 || theirs[$0] != own[$0] }
        guard let different else {
            self = .none
            return
        }
        let token = securityToken.map { $0.withBytes { String(decoding: $0, as: UTF8.self) } }
        func show(_ lines: [String]) -> String {
            guard lines.count > different else { return "nothing" }
            let line = lines[different]
            if let token, line.contains(token) || line.hasPrefix("x-security-token:") { return "x-security-token:<secret>" }
            let visible = line.unicodeScalars.prefix(Self.shownLength).map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
            return visible.isEmpty ? "an empty line" : String(visible)
        }
        self = .line(number: different + 1, name: Self.name(of: different, in: own), theirs: show(theirs), ours: show(own))
    }

    /// A description of what a line of our request contains.
    private static func name(of index: Int, in lines: [String]) -> String {
        switch index {
        case 0: return "the method"
        case 1: return "the path"
        case 2: return "the query"
        case lines.count - 1: return "the hash of the body"
        case lines.count - 2: return "the names of the signed fields"
        default:
            guard index < lines.count, let colon = lines[index].firstIndex(of: ":") else { return "the end of the fields" }
            return "the field \(lines[index][..<colon])"
        }
    }

    /// One sentence for the operator, with its consequence.
    var sentence: String {
        switch self {
        case .unsaid: "It does not show what it signed over."
        case .none: "Its canonical request is the same as ours, line by line, so that the secret key is not that of the access key."
        case .line(let number, let name, let theirs, let ours):
            "Its canonical request differs from ours in line \(number), \(name): it has \"\(theirs)\", we signed \"\(ours)\". "
                + "Something on the way changes the request."
        }
    }
}
