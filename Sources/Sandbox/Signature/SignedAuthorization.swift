/// The parts of `Authorization: SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…`.
struct SignedAuthorization: Equatable, Sendable {
    /// The kinds of `Authorization` values.
    enum Reading: Equatable, Sendable {
        case sdk(SignedAuthorization)
        /// The same algorithm name with `Credential=`: the retired golangsdk dialect, which HSS's stand-in refuses.
        case legacy
        /// `V11-HMAC-SHA256`, which no HSS client can use (signing page, a.10).
        case derived
        /// Anything else, a bearer token for example.
        case foreign
    }

    var accessKey: String
    /// The names as listed, in order.
    var signedHeaders: [String]
    var signature: String

    /// Reads a header value; blanks around commas are optional.
    static func read(_ value: String) -> Reading {
        guard let space = value.firstIndex(of: " ") else { return .foreign }
        let scheme = value[..<space]
        let fields = fields(of: value[value.index(after: space)...])
        switch scheme {
        case "V11-HMAC-SHA256": return .derived
        case "SDK-HMAC-SHA256" where fields["Credential"] != nil: return .legacy
        case "SDK-HMAC-SHA256":
            guard let accessKey = fields["Access"], let names = fields["SignedHeaders"], let signature = fields["Signature"] else {
                return .foreign
            }
            return .sdk(
                SignedAuthorization(
                    accessKey: accessKey, signedHeaders: names.split(separator: ";").map { $0.lowercased() }, signature: signature))
        default: return .foreign
        }
    }

    private static func fields(of text: Substring) -> [String: String] {
        var fields: [String: String] = [:]
        for piece in text.split(separator: ",") {
            let trimmed = piece.drop { $0 == " " || $0 == "\t" }
            guard let equals = trimmed.firstIndex(of: "=") else { continue }
            fields[String(trimmed[..<equals])] = String(trimmed[trimmed.index(after: equals)...])
        }
        return fields
    }
}
