import NIOHTTP1

/// Which role may do what; defined only here. A test compares this table with `docs/admin-openapi.yaml`.
enum AdminRights {
    /// What a request needs.
    enum Need: Sendable, Hashable {
        /// Nothing: a probe that can't read the token must not cause a restart, and the console's files contain no
        /// data.
        case nothing
        /// A token of any role.
        case anyRole
        /// A token of an operator.
        case operatorRole
    }

    /// `METHOD /route`; a parameter of the route is `*`.
    static let table: [String: Need] = [
        "GET /livez": .nothing,
        "GET /": .nothing,
        "GET /console.css": .nothing,
        "GET /console.js": .nothing,
        "GET /console/*": .nothing,

        "GET /readyz": .anyRole,
        "GET /healthz": .anyRole,
        "GET /startupz": .anyRole,
        "GET /metrics": .anyRole,
        "GET /version": .anyRole,
        "GET /openapi.yaml": .anyRole,
        "GET /-/whoami": .anyRole,
        "GET /fleet": .anyRole,
        "GET /fleet/exports": .anyRole,
        "GET /callers": .anyRole,
        "GET /flow": .anyRole,
        "GET /credentials": .anyRole,
        "GET /clock": .anyRole,
        "GET /audit/records": .anyRole,
        "GET /audit/records/*": .anyRole,
        "GET /audit/exchanges": .anyRole,
        "GET /audit/histogram": .anyRole,
        "GET /audit/attention": .anyRole,
        "GET /audit/usage": .anyRole,
        "GET /audit/exports": .anyRole,
        "GET /audit/exports/*": .anyRole,
        "GET /audit/exports/*/bundle": .anyRole,
        "GET /audit/instances": .anyRole,
        "GET /audit/checkpoint": .anyRole,
        "GET /audit/checkpoints": .anyRole,
        "GET /audit/public-key": .anyRole,
        "GET /audit/proof/*": .anyRole,
        "GET /audit/consistency/*": .anyRole,
        "GET /audit/verify": .anyRole,
        // Auditors may verify: it changes nothing, and only one verification runs at a time.
        "GET /audit/verifications": .anyRole,
        "POST /audit/verifications": .anyRole,
        "GET /audit/verifications/*": .anyRole,
        "DELETE /audit/verifications/*": .anyRole,
        // A query: sends nothing, records nothing.
        "POST /explain": .anyRole,

        "POST /-/reload": .operatorRole,
        "POST /-/fleet/local": .operatorRole,
        "POST /-/fleet/shared": .operatorRole,
        "POST /fleet/exports/*/resolve": .operatorRole,
    ]

    /// - Parameter route: the route that was found for the request, with its parameters' names; nil when there is none, which is only answered
    ///   to users with a role. A route that is not in the table needs an operator.
    static func need(_ method: HTTPMethod, route: String?) -> Need {
        guard let route else { return .anyRole }
        return table[key(method.rawValue, route)] ?? .operatorRole
    }

    /// The methods of a path, in alphabetical order; none if the path doesn't exist.
    static func methods(at path: String) -> [String] {
        let steps = path.split(separator: "/")
        let methods = table.keys.compactMap { key -> String? in
            let parts = key.split(separator: " ", maxSplits: 1)
            let known = parts[1].split(separator: "/")
            guard known.count == steps.count, zip(known, steps).allSatisfy({ $0 == "*" || $0 == $1 }) else { return nil }
            return String(parts[0])
        }
        return Set(methods).sorted()
    }

    /// The names of parameters don't matter: `:id` and `{id}` are the same route.
    static func key(_ method: String, _ route: String) -> String {
        let steps = route.split(separator: "/").map { $0.hasPrefix(":") || $0.hasPrefix("{") ? "*" : String($0) }
        return "\(method.uppercased()) /\(steps.joined(separator: "/"))"
    }
}
