import NIOHTTP1

/// Handles a request before its handler does, and may answer it itself.
protocol Middleware: Sendable {
    func handle(_ request: Request, next: (Request) async -> Response) async -> Response
}

/// Finds the handler for a method and a path. A segment of a route's path that begins with a colon is a parameter: it matches any single segment.
/// Slashes at the end and repeated ones don't matter.
struct Router: Sendable {
    typealias Handler = @Sendable (Request) async -> Response

    struct Route: Sendable {
        let method: HTTPMethod
        let path: String
        fileprivate let steps: [Substring]
        fileprivate let handler: Handler
    }

    /// The route of a request.
    struct Match: Sendable {
        /// The route's path, with its parameters' names.
        let route: String
        let parameters: [(name: Substring, value: Substring)]
    }

    private(set) var routes: [Route] = []
    private let middleware: [any Middleware]
    private let fallback: Handler

    /// - Parameters:
    ///   - middleware: called in this order, also for requests without a route.
    ///   - fallback: answers requests without a route.
    init(middleware: [any Middleware] = [], fallback: @escaping Handler) {
        (self.middleware, self.fallback) = (middleware, fallback)
    }

    mutating func get(_ path: String, _ handler: @escaping Handler) { add(.GET, path, handler) }
    mutating func post(_ path: String, _ handler: @escaping Handler) { add(.POST, path, handler) }
    mutating func delete(_ path: String, _ handler: @escaping Handler) { add(.DELETE, path, handler) }

    private mutating func add(_ method: HTTPMethod, _ path: String, _ handler: @escaping Handler) {
        routes.append(Route(method: method, path: path, steps: Self.steps(path), handler: handler))
    }

    func respond(to request: Request) async -> Response {
        let steps = Self.steps(request.path)
        for route in routes where route.method == request.method {
            guard let parameters = Self.parameters(route.steps, steps) else { continue }
            var found = request
            found.match = Match(route: route.path, parameters: parameters)
            return await pass(found, through: middleware[...], to: route.handler)
        }
        return await pass(request, through: middleware[...], to: fallback)
    }

    private func pass(_ request: Request, through rest: ArraySlice<any Middleware>, to handler: @escaping Handler) async -> Response {
        guard let first = rest.first else { return await handler(request) }
        return await first.handle(request) { await pass($0, through: rest.dropFirst(), to: handler) }
    }

    private static func steps(_ path: String) -> [Substring] { path.split(separator: "/") }

    /// Nil when the path doesn't match the route.
    private static func parameters(_ route: [Substring], _ path: [Substring]) -> [(name: Substring, value: Substring)]? {
        guard route.count == path.count else { return nil }
        var found: [(name: Substring, value: Substring)] = []
        for (step, given) in zip(route, path) {
            if step.first == ":" {
                found.append((step.dropFirst(), given))
            } else if !step.utf8.elementsEqual(given.utf8) {
                return nil
            }
        }
        return found
    }
}
