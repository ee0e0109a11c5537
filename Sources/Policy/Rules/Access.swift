package import Catalogue

/// The policy's input, except for the caller.
package struct Access: Sendable {
    /// Which enterprise project a request is about.
    package enum EnterpriseProjectScope: Sendable, Hashable {
        /// The operation takes none, and none was sent.
        case none
        /// The one that is sent, named by the caller or by the default.
        case named(String)
        /// The body may still name one.
        case open
    }

    package var operation: Operation
    /// Position of the project.
    package var project: Int
    package var enterpriseProject: EnterpriseProjectScope
    package var task: TaskStanding
    /// Seconds since 1970-01-01T00:00:00Z.
    package var time: Int64

    package init(
        _ operation: Operation, project: Int, enterpriseProject: EnterpriseProjectScope = .none, task: TaskStanding = .none, time: Int64 = 0
    ) {
        self.operation = operation
        self.project = project
        self.enterpriseProject = enterpriseProject
        self.task = task
        self.time = time
    }
}
