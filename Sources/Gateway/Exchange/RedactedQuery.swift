import Catalogue
import Policy

/// A query as a record keeps it: the values of parameters that the catalogue marks secret are replaced.
enum RedactedQuery {
    static let mask = "***"

    static func of(_ target: RequestTarget, operation: Operation) -> String {
        let secrets = operation.secretRequestFields.filter { $0.place == .query }
        if secrets.isEmpty { return target.query }
        return target.query.split(separator: "&").map { pair in
            let name = pair.prefix { $0 != "=" }
            return secrets.contains { $0.name == name } ? "\(name)=\(mask)" : String(pair)
        }.joined(separator: "&")
    }
}
