/// One HSS project: its names for callers, and what goes into requests for it.
package struct Project: Sendable, Hashable {
    package let name: String
    /// The cloud's id, 32 hexadecimal digits as a rule.
    package let id: String
    package let region: String
    /// The value injected if an operation takes `enterprise_project_id` and the request has none.
    package let enterpriseProjectID: String
    /// Values of the `region` header that may be sent beside the project's own region.
    package let otherRegions: Set<String>

    /// Stands for an id that IAM has not yet returned. No path can contain it.
    package static let unknownID = ""

    package init(
        name: String, id: String, region: String, enterpriseProjectID: String, otherRegions: Set<String> = []
    ) {
        self.name = name
        self.id = id
        self.region = region
        self.enterpriseProjectID = enterpriseProjectID
        self.otherRegions = otherRegions
    }

    /// Whether a request may select a region's assets by the `region` header; without the header it selects those of the project's own region.
    package func allows(regionHeader: String) -> Bool { regionHeader == region || otherRegions.contains(regionHeader) }
}

/// All projects of the configuration, found by name or id.
package struct ProjectDirectory: Sendable {
    package let projects: [Project]
    private let positions: [String: Int]

    /// Names and ids share one space: the configuration refuses a name that is another project's id.
    package init(_ projects: [Project]) {
        self.projects = projects
        var positions: [String: Int] = [:]
        for (index, project) in projects.enumerated() {
            positions[project.name] = index
            if project.id != Project.unknownID { positions[project.id] = index }
        }
        self.positions = positions
    }

    package func position(ofName name: String) -> Int? { positions[name] }

    /// The names of a caller's projects, in its order.
    package func names(of caller: Caller) -> [String] { caller.projects.map { projects[$0].name } }

    /// The project that a path's segment means to a caller. A placeholder means the caller's first project.
    ///
    /// A project that isn't granted and one that doesn't exist give the same result, so that a caller can't probe for ids.
    package func resolve(_ reference: ProjectReference, for caller: Caller) throws(Denial) -> Int {
        switch reference {
        case .placeholder, .template:
            guard let first = caller.projects.first else { throw .project(named: "_", caller: caller.name, granted: []) }
            return first
        case .named(let segment):
            guard let position = positions[segment], caller.projects.contains(position) else {
                throw .project(named: segment, caller: caller.name, granted: names(of: caller))
            }
            return position
        }
    }
}
